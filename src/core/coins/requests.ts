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

export type Claim =
  /** `replayed`: it was asked for before; what came of that is in the books. */
  | { readonly outcome: 'new' | 'replayed'; readonly id: number }
  /** The key was used for something else. */
  | { readonly outcome: 'conflict' };

const scopePattern = /^[ -~]{1,100}$/;
const keyPattern = /^[ -~]{1,200}$/;

/** Writes down those that are new. One that is being written by somebody else at this moment is waited for. */
export async function claimRequests(queries: Queries, dialect: Dialect, requests: readonly NewRequest[]): Promise<readonly Claim[]> {
  const hashes = requests.map((request) => bodyHash(request.body));
  // In the order of their keys, so that two that claim the same ones do not wait for each other.
  const rows = requests
    .map(({ scope, key, at }, index) => ({ scope, key, body_hash: hashes[index] ?? '', requested_at: at }))
    .sort((a, b) => compareText(a.scope, b.scope) || compareText(a.key, b.key));
  for (const { scope, key } of rows) {
    invariant(scopePattern.test(scope), `a request's scope has 1 to 100 printable ASCII characters: "${scope}"`);
    invariant(keyPattern.test(key), `a request's key has 1 to 200 printable ASCII characters: "${key}"`);
  }
  const inserted = await queries
    .withTables<CoinsTables>()
    .insertInto('coins_request')
    .columns(['scope', 'key', 'body_hash', 'requested_at'])
    .expression(rowsFrom(dialect, { scope: 'text', key: 'text', body_hash: 'text', requested_at: 'bigint' }, rows) as never)
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .returning(['id', 'scope', 'key'])
    .execute();
  const claimed = new Map(inserted.map((row) => [nameOf(row), row.id]));
  const stored = claimed.size === requests.length ? undefined : await storedRequests(queries, dialect, requests);
  return requests.map((request, index): Claim => {
    const name = nameOf(request);
    const id = claimed.get(name);
    // The first of this call is the new one; the same key again within it is a repetition already.
    if (id !== undefined && claimed.delete(name)) return { outcome: 'new', id };
    return answerTo(hashes[index], stored?.get(name));
  });
}

/** Whether it was written down before; undefined for a new one, which is not written down here. */
export async function findRequest(queries: Queries, dialect: Dialect, request: NewRequest): Promise<Claim | undefined> {
  const stored = (await storedRequests(queries, dialect, [request])).get(nameOf(request));
  return stored && answerTo(bodyHash(request.body), stored);
}

/** A condition on a row that its request is of that name. */
export function isNamed({ scope, key }: RequestName): RawBuilder<SqlBool> {
  return sql<SqlBool>`coins_request.scope = ${scope} and coins_request.key = ${key}`;
}

interface StoredRequest {
  readonly id: number;
  readonly hash: string;
}

function answerTo(hash: string | undefined, stored: StoredRequest | undefined): Claim {
  return stored !== undefined && stored.hash === hash ? { outcome: 'replayed', id: stored.id } : { outcome: 'conflict' };
}

async function storedRequests(
  queries: Queries,
  dialect: Dialect,
  names: readonly RequestName[],
): Promise<ReadonlyMap<string, StoredRequest>> {
  const wanted = rowsFrom(
    dialect,
    { scope: 'text', key: 'text' },
    names.map(({ scope, key }) => ({ scope, key })),
  );
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_request')
    .select(['id', 'scope', 'key', 'body_hash'])
    .where(sql<SqlBool>`(scope, key) in (${wanted})`)
    .execute();
  return new Map(rows.map((row) => [nameOf(row), { id: row.id, hash: row.body_hash }]));
}

function nameOf({ scope, key }: RequestName): string {
  return `${scope}\n${key}`;
}

export function bodyHash(body: NewRequest['body']): string {
  return hash('sha256', JSON.stringify(body), 'base64url');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
