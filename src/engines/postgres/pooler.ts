/**
 * Connections through a pooler in transaction mode, such as PgBouncer: another server connection may serve each transaction, so
 * nothing that belongs to a session can be used. They have no named statements, no settings and no LISTEN.
 */
import type pg from 'pg';
import { KontorError } from '#core/errors.ts';

/** What the server enforces on each transaction. */
export interface ServerLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

const checkTimeoutMs = 5_000;
const pooled = new WeakSet<object>();

/** Whether a pooler is in between. */
export function isPooled(connection: pg.ClientBase): boolean {
  return pooled.has(connection);
}

/** The driver supports a timeout per query, which its types lack. */
const check = {
  text: `select pg_backend_pid() as pid, current_setting('transaction_read_only') = 'on' as "isReplica"`,
  query_timeout: checkTimeoutMs,
};

/**
 * Refuses a replica, as libpq's target_session_attrs=read-write does, and sets the limits of the session. A pooler makes up the
 * process id that it gives its clients: this is how it is recognised.
 */
export async function prepareConnection(client: pg.ClientBase, limits: ServerLimits): Promise<void> {
  const { rows } = await client.query<{ pid: number; isReplica: boolean }>(check);
  const [row] = rows;
  if (row?.isReplica) throw new KontorError('unavailable', 'it is a replica and takes no writes');
  const { processID } = client as pg.ClientBase & { readonly processID: number | null };
  if (row?.pid !== processID) pooled.add(client);
  else await client.query(settings('set', limits));
}

/** Begins a transaction through a pooler: with its limits, and with a look whether the server is still the primary. */
export function pooledBeginning(begin: string, limits: ServerLimits): string {
  return `${begin}; ${settings('set local', limits)}; select pg_is_in_recovery() as "isReplica"`;
}

/** Whether the answer to `pooledBeginning` came from a replica. The driver answers several statements with a list. */
export function isFromReplica(answer: unknown): boolean {
  const last: { readonly rows?: readonly { readonly isReplica?: boolean }[] } | undefined = Array.isArray(answer)
    ? answer.at(-1)
    : undefined;
  return last?.rows?.[0]?.isReplica === true;
}

/** As the server's own, when a statement writes. */
export function readOnlyError(): Error {
  return Object.assign(new Error('it is a replica'), { code: '25006' });
}

function settings(set: 'set' | 'set local', { statementTimeoutMs, lockTimeoutMs }: ServerLimits): string {
  return [
    `${set} statement_timeout = ${statementTimeoutMs}`,
    `${set} lock_timeout = ${lockTimeoutMs}`,
    `${set} idle_in_transaction_session_timeout = ${statementTimeoutMs}`,
  ].join('; ');
}
