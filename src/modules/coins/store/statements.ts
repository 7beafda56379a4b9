/** An account's statement: its entries with the balance after each, newest first, page by page. */
import { sql } from 'kysely';
import { type Page, pageCursor } from '#core/paging.ts';
import type { Queries, State } from '#core/ports/state.ts';
import type { RequestName } from '../domain/requests.ts';
import type { StatementEntry } from '../domain/statement-csv.ts';
import { coinsTables } from './tables.ts';

export interface StatementQuery {
  readonly account: string;
  readonly limit: number;
  /** The `next` of the page before; the newest entry when left out. */
  readonly after?: string | undefined;
}

/** Holds the first transfer of the next page. */
const statementCursor = pageCursor('statement', ['integer']);

const pageEntries = 500;

/** Of a strict account: each entry leads to the one before it. A rollup has no entries. */
export async function readStatement(queries: Queries, { account, limit, after }: StatementQuery): Promise<Page<StatementEntry>> {
  const [from] = statementCursor.read(after) ?? [];
  const start = from === undefined ? sql`(select last_transfer from coins_account where id = ${account})` : sql`${from}`;
  // The cursor of another account's statement finds nothing.
  const statement = sql<StatementEntry & { previous: number | null }>`
    with recursive chain as (
      select transfer.*, 1 as place from coins_transfer as transfer
        where id = ${start} and ((debit = ${account} and debit_entry is not null) or (credit = ${account} and credit_entry is not null))
      union all
      select transfer.*, place + 1 as place from chain join coins_transfer as transfer
        on transfer.id = case when chain.debit = ${account} then chain.debit_previous else chain.credit_previous end
        where place < ${limit}
    ), paid as (select *, debit = ${account} as is_paid from chain)
    select case when is_paid then debit_entry else credit_entry end as entry, requested_at as at, kind,
        case when is_paid then -amount else amount end as amount,
        case when is_paid then debit_balance else credit_balance end as balance,
        case when is_paid then credit else debit end as counterparty, memo, scope, key,
        case when is_paid then debit_previous else credit_previous end as previous
      from paid order by place`;
  const { rows } = await statement.execute(queries);
  const previous = rows.length < limit ? undefined : rows.at(-1)?.previous;
  return {
    items: rows.map(({ previous: _, ...entry }) => entry),
    next: previous == null ? null : statementCursor.write([previous]),
  };
}

/** The entry of the account that paid by this request; undefined where it was refused, or not made so far. */
export async function readEntryOf(queries: Queries, account: string, { scope, key }: RequestName): Promise<StatementEntry | undefined> {
  const row = await coinsTables(queries)
    .selectFrom('coins_transfer')
    .selectAll()
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('debit', '=', account)
    .executeTakeFirst();
  if (row === undefined || row.debit_entry === null || row.debit_balance === null) return undefined;
  const { debit_entry: entry, requested_at: at, kind, amount, debit_balance: balance, credit: counterparty, memo } = row;
  return { entry, at, kind, amount: -amount, balance, counterparty, memo, scope, key };
}

/** The whole statement, read a page at a time: however long it is, one page is in memory. Ends after `maxEntries`. */
export function statementPages(
  state: Pick<State, 'read'>,
  { account, after: start, maxEntries = Number.POSITIVE_INFINITY }: Omit<StatementQuery, 'limit'> & { readonly maxEntries?: number },
): AsyncGenerator<readonly StatementEntry[]> {
  // Checked before the answer begins, so that a bad cursor is refused.
  statementCursor.read(start);
  return pagesFrom();

  async function* pagesFrom() {
    let after = start;
    for (let count = 0; count < maxEntries; count += pageEntries) {
      const { items, next } = await state.read((queries) => readStatement(queries, { account, after, limit: pageEntries }));
      if (items.length > 0) yield items;
      if (next === null) return;
      after = next;
    }
  }
}
