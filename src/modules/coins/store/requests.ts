/** Requests as they are stored: looked up by name, and added at the end. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type RowOf, rowsFrom } from '#core/sql/rows.ts';
import { nameOf, type RequestName, type StoredRequest } from '../domain/requests.ts';
import { coinsTables } from './tables.ts';

const nameColumns = { scope: 'text', key: 'text' } as const;

/** The stored requests of these names, by `nameOf`. */
export async function findRequests(queries: Queries, names: readonly RequestName[]): Promise<ReadonlyMap<string, StoredRequest>> {
  // One by one in the index: a join might read the whole table.
  const { rows: found } = await sql<{ id: number }>`select id from (
      select (select id from coins_request where scope = wanted.scope and key = wanted.key) as id
        from (${rowsFrom(queries, nameColumns, names)}) as wanted
    ) as looked where id is not null`.execute(queries);
  if (found.length === 0) return new Map();
  const ids = found.map(({ id }) => id);
  const rows = await coinsTables(queries)
    .selectFrom('coins_request')
    .selectAll()
    .where(isAmong(queries, 'id', ids))
    .execute();
  return new Map(rows.map((row) => [nameOf(row), row]));
}

export async function isRequested(queries: Queries, name: RequestName): Promise<boolean> {
  return (await findRequests(queries, [name])).size > 0;
}

/** Ids after all stored ones. */
export async function newRequestIds(queries: Queries, count: number): Promise<readonly number[]> {
  if (dialectOf(queries) === 'postgres') {
    const taken = await sql<{ id: number }>`select nextval('coins_request_id_seq') as id from generate_series(1, ${count})`.execute(
      queries,
    );
    return taken.rows.map(({ id }) => id);
  }
  // There is one writer at a time: no other takes them.
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
  invariant(dialectOf(queries) === 'postgres', 'with one writer at a time, no request appears between reading and writing');
  // Another transaction stored one of them after we looked. The State repeats ours, which then finds it.
  await sql`do $$ begin raise 'the same request is made elsewhere' using errcode = 'serialization_failure'; end $$`.execute(queries);
}

/** The condition that a row's request has this name. */
export function isNamed({ scope, key }: RequestName): RawBuilder<SqlBool> {
  return sql<SqlBool>`coins_request.scope = ${scope} and coins_request.key = ${key}`;
}
