/** An account's statement: its entries with the balance after each, newest first, page by page. */
import { sql } from 'kysely';
import type { Queries } from '../ports/state.ts';
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
  /** Entries with a number below this one; the newest ones when left out. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Of a strict account, newest first. A rollup's entries are not numbered: it has none. */
export async function readStatement(
  queries: Queries,
  { account, before = Number.MAX_SAFE_INTEGER, limit }: StatementQuery,
): Promise<readonly StatementEntry[]> {
  // Each side is cut by its index; a subquery apiece, because SQLite takes no limit within a union.
  const statement = sql<StatementEntry>`
    select * from (
      select * from (
        select debit_entry as entry, moved_at as at, kind, -amount as amount, debit_balance as balance, credit as counterparty, memo, scope, key
          from coins_transfer where debit = ${account} and debit_entry < ${before} order by debit_entry desc limit ${limit}
      ) as paid
      union all
      select * from (
        select credit_entry as entry, moved_at as at, kind, amount, credit_balance as balance, debit as counterparty, memo, scope, key
          from coins_transfer where credit = ${account} and credit_entry < ${before} order by credit_entry desc limit ${limit}
      ) as received
    ) as entries order by entry desc limit ${limit}`;
  return (await statement.execute(queries)).rows;
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
    .select(['scope', 'key', 'payee', 'amount', 'memo', 'placed_at as placedAt', 'expires_at as expiresAt'])
    .where('state', '=', sql.lit('open'))
    .where('payer', '=', payer)
    .orderBy('placed_at', 'desc')
    .limit(limit)
    .execute();
}
