/** Splits a PostgreSQL URL with several hosts into one connection string per host. */
import { KontorError } from '#core/errors.ts';

export interface PostgresHost {
  /** `host:port`, without a password, for messages. */
  readonly name: string;
  readonly connectionString: string;
}

const maxHosts = 16;
/** Addresses written for libpq may ask for the primary, which is used anyway. */
const primaryAttributes = new Set(['read-write', 'primary']);

/** `postgres://name:password@one:5432,two:5432/database?sslmode=verify-full` */
export function postgresHosts(url: string): readonly PostgresHost[] {
  const parts = /^(?<scheme>postgres(?:ql)?:\/\/)(?<login>[^@/]*@)?(?<hosts>[^/?]+)(?<rest>\/[^?/]+(?:\?.*)?)$/.exec(url)?.groups;
  const names = parts?.hosts?.split(',') ?? [];
  if (parts === undefined || names.length > maxHosts || !names.every(isHost)) {
    const message = `expected postgres://NAME:PASSWORD@HOST:PORT/DATABASE, with up to ${maxHosts} hosts as HOST:PORT,HOST:PORT`;
    throw new KontorError('invalid_option', `The address of PostgreSQL is not valid: ${message}`, { details: [{ field: 'url', message }] });
  }
  const attributes = new URLSearchParams(parts.rest?.split('?')[1]).get('target_session_attrs');
  if (attributes !== null && !primaryAttributes.has(attributes)) {
    const message = `target_session_attrs is read-write, or left out: the books are read and written on the primary only`;
    throw new KontorError('invalid_option', `The address of PostgreSQL is not valid: ${message}`, { details: [{ field: 'url', message }] });
  }
  return names.map((name) => ({ name, connectionString: `${parts.scheme}${parts.login ?? ''}${name}${parts.rest}` }));
}

function isHost(name: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(name);
}
