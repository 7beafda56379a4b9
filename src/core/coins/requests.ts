/** Request keys: the same key with the same body is done once, however often it is asked for. */
import { hash } from 'node:crypto';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invariant } from '../errors.ts';
import type { Dialect, Queries } from '../ports/state.ts';
import { rowsFrom } from '../sql/rows.ts';
import type { CoinsTables } from './tables.ts';

/** Names a request for ever: whoever asks has a scope, and gives each of his requests a key of its own. */
export interface RequestName {
  /** Who asks, such as `shop` or `transfer:ACCOUNT`; 1 to 100 printable ASCII characters. */
  readonly scope: string;
  /** New for each new request; 1 to 200 printable ASCII characters. */
  readonly key: string;
}

export interface NewRequest extends RequestName {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Everything that is asked for, in a fixed order. */
  readonly body: readonly (string | number | null)[];
}

/** `conflict`: the key was used for something else. `replayed`: it was asked for before; what came of that is in the books. */
export type RequestOutcome = 'new' | 'replayed' | 'conflict';

const scopePattern = /^[ -~]{1,100}$/;
const keyPattern = /^[ -~]{1,200}$/;

/** Writes down those that are new. One that is being written by somebody else at this moment is waited for. */
export async function claimRequests(
  queries: Queries,
  dialect: Dialect,
  requests: readonly NewRequest[],
): Promise<readonly RequestOutcome[]> {
  const hashes = requests.map((request) => bodyHash(request.body));
  // In the order of their keys, so that two that claim the same ones do not wait for each other.
  const rows = requests
    .map(({ scope, key, at }, index) => ({ scope, key, body_hash: hashes[index] ?? '', requested_at: at }))
    .sort((a, b) => compareText(a.scope, b.scope) || compareText(a.key, b.key));
  for (const { scope, key } of rows) {
    invariant(scopePattern.test(scope), `a request's scope has 1 to 100 printable ASCII characters: "${scope}"`);
    invariant(keyPattern.test(key), `a request's key has 1 to 200 printable ASCII characters: "${key}"`);
  }
  const tables = queries.withTables<CoinsTables>();
  const inserted = await tables
    .insertInto('coins_request')
    .columns(['scope', 'key', 'body_hash', 'requested_at'])
    .expression(rowsFrom(dialect, { scope: 'text', key: 'text', body_hash: 'text', requested_at: 'bigint' }, rows) as never)
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .returning(['scope', 'key'])
    .execute();
  const claimed = new Set(inserted.map(nameOf));
  const stored = claimed.size === requests.length ? new Map<string, string>() : await storedHashes(queries, dialect, requests);
  return requests.map((request, index) => {
    const name = nameOf(request);
    // The first of this call is the new one; the same key again within it is a repetition already.
    if (claimed.delete(name)) return 'new';
    return stored.get(name) === hashes[index] ? 'replayed' : 'conflict';
  });
}

/** Whether a request with this body was written down before; `new` writes nothing. */
export async function findRequest(queries: Queries, dialect: Dialect, request: NewRequest): Promise<RequestOutcome> {
  const stored = (await storedHashes(queries, dialect, [request])).get(nameOf(request));
  if (stored === undefined) return 'new';
  return stored === bodyHash(request.body) ? 'replayed' : 'conflict';
}

/** A condition for any table with `scope` and `key`. */
export function isNamed({ scope, key }: RequestName): RawBuilder<SqlBool> {
  return sql<SqlBool>`scope = ${scope} and key = ${key}`;
}

/** A condition that names many requests at once, for any table with `scope` and `key`. */
export function amongNamed(dialect: Dialect, names: readonly RequestName[]): RawBuilder<SqlBool> {
  const rows = names.map(({ scope, key }) => ({ scope, key }));
  return sql<SqlBool>`(scope, key) in (${rowsFrom(dialect, { scope: 'text', key: 'text' }, rows)})`;
}

export function nameOf({ scope, key }: RequestName): string {
  return `${scope}\n${key}`;
}

async function storedHashes(queries: Queries, dialect: Dialect, names: readonly RequestName[]): Promise<ReadonlyMap<string, string>> {
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_request')
    .select(['scope', 'key', 'body_hash'])
    .where(amongNamed(dialect, names))
    .execute();
  return new Map(rows.map((row) => [nameOf(row), row.body_hash]));
}

export function bodyHash(body: NewRequest['body']): string {
  return hash('sha256', JSON.stringify(body), 'base64url');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
