/** An account's statement: its entries with the balance after each, newest first, page by page. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import type { RequestName } from './requests.ts';
import type { CoinsTables, TransferKind } from './tables.ts';

export interface StatementEntry {
  /** 1, 2, 3 … in the account, without holes. */
  readonly entry: number;
  readonly at: number;
  readonly kind: TransferKind;
  /** What it changed: above zero for coins that came in. */
  readonly amount: number;
  /** The balance after it. */
  readonly balance: number;
  /** The account on the other side. */
  readonly counterparty: string;
  readonly memo: string;
  /** The request that it was made with. */
  readonly scope: string;
  readonly key: string;
}

export interface StatementQuery {
  readonly account: string;
  /** Where to begin: what the page before gave as `next`; the newest entry when left out. */
  readonly from?: number | undefined;
  readonly limit: number;
}

export interface StatementPage {
  readonly entries: readonly StatementEntry[];
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

/** Of a strict account, newest first, from one entry to the one before it. A rollup's entries are not chained: it has none. */
export async function readStatement(queries: Queries, { account, from, limit }: StatementQuery): Promise<StatementPage> {
  const start = from === undefined ? sql`(select last_transfer from coins_account where id = ${account})` : sql`${from}`;
  // A start that is not of this account finds nothing.
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
  return {
    entries: rows.map(({ previous: _, ...entry }) => entry),
    next: rows.length < limit ? undefined : (rows.at(-1)?.previous ?? undefined),
  };
}

const csvColumns = ['entry', 'time', 'kind', 'amount', 'balance', 'counterparty', 'memo', 'scope', 'key'] as const;

/** Times in UTC as ISO 8601 writes them. */
export function csvHeader(): string {
  return `${csvColumns.join(',')}\r\n`;
}

export function csvLine({ at, ...entry }: StatementEntry): string {
  const cells = { ...entry, time: isoTime(at) };
  return `${csvColumns.map((column) => csvCell(cells[column])).join(',')}\r\n`;
}

/** Numbers as they are; text so that no spreadsheet takes it for a formula. */
function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function isoTime(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ fractionalSecondDigits: 3 });
}

export interface OpenHold extends RequestName {
  readonly payee: string;
  readonly amount: number;
  readonly memo: string;
  readonly placedAt: number;
  readonly expiresAt: number;
}

/** What is held of an account at present, the newest first. */
export function readOpenHolds(queries: Queries, payer: string, limit: number): Promise<readonly OpenHold[]> {
  return queries
    .withTables<CoinsTables>()
    .selectFrom('coins_hold')
    .innerJoin('coins_request', 'coins_request.id', 'coins_hold.id')
    .select(['scope', 'key', 'payee', 'coins_hold.amount', 'coins_hold.memo', 'placed_at as placedAt', 'expires_at as expiresAt'])
    .where('state', '=', sql.lit('open'))
    .where('payer', '=', payer)
    .orderBy('placed_at', 'desc')
    .limit(limit)
    .execute();
}
