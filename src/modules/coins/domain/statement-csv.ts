/** Statements as CSV. */
import { csvCell } from '#core/csv-cell.ts';
import type { RequestName, TransferKind } from './requests.ts';

/** With the name of the request that made it. */
export interface StatementEntry extends RequestName {
  /** 1, 2, 3 … in the account, without holes. */
  readonly entry: number;
  readonly at: number;
  readonly kind: TransferKind;
  /** The change: above zero for coins that came in. */
  readonly amount: number;
  /** The balance after it. */
  readonly balance: number;
  /** The account on the other side. */
  readonly counterparty: string;
  readonly memo: string;
}

const columns = ['entry', 'time', 'kind', 'amount', 'balance', 'counterparty', 'memo', 'scope', 'key'] as const;

export const statementCsvHeader = csvLine(columns);

/** A line for each entry; times in UTC as ISO 8601 writes them. */
export function statementCsv(entries: readonly StatementEntry[]): string {
  return entries.map(({ at, ...entry }) => csvLine(columns.map((column) => ({ ...entry, time: isoTime(at) })[column]))).join('');
}

function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function isoTime(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ fractionalSecondDigits: 3 });
}
