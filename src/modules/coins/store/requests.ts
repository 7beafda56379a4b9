/** Requests: what is asked of the ledger, each under a name of its own, so that it is done once however often it is asked for. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type RowOf, rowsFrom } from '#core/sql/rows.ts';
import type { CoinsTables, RequestKind } from './tables.ts';

/** Names a request for ever: whoever asks has a scope, and gives each of his requests a key of its own. */
export interface RequestName {
  /** Who asks, such as `shop` or `transfer:ACCOUNT`; 1 to 100 printable ASCII characters. */
  readonly scope: string;
  /** New for each new request; 1 to 200 printable ASCII characters. */
  readonly key: string;
}

export interface Asked extends RequestName {
  readonly kind: RequestKind;
  /** The account that pays. */
  readonly debit: string;
  /** The account that is paid. */
  readonly credit: string;
  readonly amount: number;
  readonly memo: string;
  /** The hold that a capture takes from, or the transfer that a refund takes back. */
  readonly of?: number | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type StoredRequest = CoinsTables['coins_request'];

const scopePattern = /^[ -~]{1,100}$/;
const keyPattern = /^[ -~]{1,200}$/;

export function checkName({ scope, key }: RequestName): void {
  invariant(scopePattern.test(scope), `a request's scope has 1 to 100 printable ASCII characters: "${scope}"`);
  invariant(keyPattern.test(key), `a request's key has 1 to 200 printable ASCII characters: "${key}"`);
}

/** As a key of a map. */
export function nameOf({ scope, key }: RequestName): string {
  return `${scope}\n${key}`;
}

/** Whether it asks for what is stored under its name. The time is not part of it: whoever asks again does so later. */
export function asksForSame(asked: Asked, stored: StoredRequest): boolean {
  return (
    asked.kind === stored.kind &&
    asked.debit === stored.debit &&
    asked.credit === stored.credit &&
    asked.amount === stored.amount &&
    asked.memo === stored.memo &&
    (asked.of ?? null) === stored.of_id
  );
}

const nameColumns = { scope: 'text', key: 'text' } as const;

/** Those of these names that were written down before, by `nameOf`. */
export async function findRequests(queries: Queries, names: readonly RequestName[]): Promise<ReadonlyMap<string, StoredRequest>> {
  // One by one in the index: a join might read all that was ever asked for.
  const { rows: found } = await sql<{ id: number }>`select id from (
      select (select id from coins_request where scope = wanted.scope and key = wanted.key) as id
        from (${rowsFrom(queries, nameColumns, names)}) as wanted
    ) as looked where id is not null`.execute(queries);
  if (found.length === 0) return new Map();
  const ids = found.map(({ id }) => id);
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_request')
    .selectAll()
    .where(isAmong(queries, 'id', ids))
    .execute();
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Ids that follow all there are. */
export async function newRequestIds(queries: Queries, count: number): Promise<readonly number[]> {
  if (dialectOf(queries) === 'postgres') {
    const taken = await sql<{ id: number }>`select nextval('coins_request_id_seq') as id from generate_series(1, ${count})`.execute(
      queries,
    );
    return taken.rows.map(({ id }) => id);
  }
  // One writer at a time: nobody else takes them.
  const { rows } = await sql<{ id: number }>`select coalesce(max(id), 0) as id from coins_request`.execute(queries);
  const last = rows[0]?.id ?? 0;
  return Array.from({ length: count }, (_, index) => last + 1 + index);
}

const requestColumns = {
  id: 'bigint',
  scope: 'text',
  key: 'text',
  requested_at: 'bigint',
  kind: 'text',
  debit: 'text',
  credit: 'text',
  amount: 'bigint',
  of_id: 'bigint',
  memo: 'text',
  refused: 'bigint',
  debit_entry: 'bigint',
  debit_balance: 'bigint',
  debit_previous: 'bigint',
  credit_entry: 'bigint',
  credit_balance: 'bigint',
  credit_previous: 'bigint',
} as const satisfies Record<keyof StoredRequest, 'bigint' | 'text'>;

const requestColumnNames = sql.join(Object.keys(requestColumns).map((name) => sql.ref(name)));

export async function insertRequests(queries: Queries, rows: readonly StoredRequest[]): Promise<void> {
  const inserting = sql`insert into coins_request (${requestColumnNames})
    ${rowsFrom(queries, requestColumns, rows satisfies readonly RowOf<typeof requestColumns>[])} on conflict (scope, key) do nothing`;
  const { numAffectedRows } = await inserting.execute(queries);
  if (Number(numAffectedRows) === rows.length) return;
  invariant(dialectOf(queries) === 'postgres', 'with one writer at a time, what was not there is not there');
  // Somebody else wrote one of them down after we looked. The State repeats whatever lost to others, and then it will be found.
  await sql`do $$ begin raise 'the same request is made elsewhere' using errcode = 'serialization_failure'; end $$`.execute(queries);
}

/** A condition on a row that its request is of that name. */
export function isNamed({ scope, key }: RequestName): RawBuilder<SqlBool> {
  return sql<SqlBool>`coins_request.scope = ${scope} and coins_request.key = ${key}`;
}
