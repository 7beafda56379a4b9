/** Trades out of rows of text: the header's columns found, prices read exactly, every row's fault in words. */
import type { CsvRow, Delimiter } from '#core/csv.ts';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { fieldRefusal } from '#core/refuse.ts';
import { stocksRefusals } from '../refusals.ts';
import { type IncomingTrade, wrongInIncoming } from './incoming.ts';
import { maxPriceCents, maxQuantity, shownValue } from './trades.ts';

/** Where each column is; `company` is -1 where the caller names it for all rows. */
export interface TradeColumns {
  readonly names: readonly string[];
  readonly company: number;
  readonly side: number;
  readonly price: number;
  readonly priceIsCents: boolean;
  readonly quantity: number;
  readonly at: number;
  /** Files separated by semicolons are written where the decimal separator is a comma. */
  readonly takesDecimalComma: boolean;
}

const columnNames = ['company', 'side', 'price', 'priceCents', 'quantity', 'at'] as const;
type ColumnName = (typeof columnNames)[number];

/** Reads the header. Other columns are ignored. */
export function tradeColumnsOf(header: CsvRow, delimiter: Delimiter, company: string | undefined): TradeColumns {
  if ('problem' in header) throw badHeader(header.line, [header.problem]);
  const names = header.fields.map((name) => name.trim());
  const lowered = names.map((name) => name.toLowerCase());
  const place = (name: ColumnName) => lowered.indexOf(name.toLowerCase());
  const problems: string[] = [];
  for (const name of columnNames) {
    if (lowered.filter((other) => other === name.toLowerCase()).length > 1) problems.push(`the column ${name} is there twice`);
  }
  for (const name of ['side', 'quantity', 'at'] as const) {
    if (place(name) === -1) problems.push(`the column ${name} is missing`);
  }
  if (place('company') === -1 && company === undefined)
    problems.push('the column company is missing: add it, or name the company of all rows with --company');
  if ((place('price') === -1) === (place('priceCents') === -1))
    problems.push('there must be either a column price (such as 123.45) or a column priceCents (such as 12345)');
  if (problems.length > 0)
    throw badHeader(header.line, [...problems, `the header's columns are ${names.map((name) => shownValue(name)).join(', ')}`]);
  return {
    names,
    company: company === undefined ? place('company') : -1,
    side: place('side'),
    price: Math.max(place('price'), place('priceCents')),
    priceIsCents: place('price') === -1,
    quantity: place('quantity'),
    at: place('at'),
    takesDecimalComma: delimiter === ';',
  };
}

function badHeader(line: number, messages: readonly string[]): KontorError {
  const details: ErrorDetail[] = messages.map((message) => ({ field: `line ${line}`, message }));
  return new KontorError('invalid_input', `The header is not one of a file of trades: ${messages[0]}`, { details });
}

export interface RowRules {
  /** The company of all rows, whatever the file says. */
  readonly company: string | undefined;
  readonly now: number;
}

/** The row's trade, or what is wrong with it. */
export function tradeOfRow(row: CsvRow, columns: TradeColumns, rules: RowRules): IncomingTrade | ErrorDetail {
  const place = `line ${row.line}`;
  if ('problem' in row) return fieldRefusal(stocksRefusals, 'trade-unreadable', place, { problem: row.problem });
  const { fields } = row;
  if (fields.length !== columns.names.length)
    return fieldRefusal(stocksRefusals, 'trade-row', place, { fields: fields.length, columns: columns.names.length });
  const field = (index: number) => (fields[index] ?? '').trim();
  const value = (index: number) => ({ value: shownValue(field(index)) });

  const company = rules.company ?? field(columns.company);
  const side = field(columns.side).toLowerCase();
  if (side !== 'buy' && side !== 'sell') return fieldRefusal(stocksRefusals, 'trade-side', place, value(columns.side));
  const price = field(columns.price);
  const priceCents = columns.priceIsCents ? wholeNumber(price) : centsOf(price, columns.takesDecimalComma);
  if (priceCents === undefined) {
    if (columns.priceIsCents) return fieldRefusal(stocksRefusals, 'trade-price', place, { ...value(columns.price), most: maxPriceCents });
    const hasMoreDecimals = /^\d+[.,]\d{3,}$/.test(price) && (columns.takesDecimalComma || price.includes('.'));
    return fieldRefusal(stocksRefusals, hasMoreDecimals ? 'trade-price-decimals' : 'trade-price-text', place, value(columns.price));
  }
  const quantity = wholeNumber(field(columns.quantity));
  if (quantity === undefined)
    return fieldRefusal(stocksRefusals, 'trade-quantity', place, { ...value(columns.quantity), most: maxQuantity });
  const at = timeOf(field(columns.at));
  if (at === undefined) return fieldRefusal(stocksRefusals, 'trade-time-text', place, value(columns.at));

  const trade: IncomingTrade = { company, side, priceCents, quantity, at };
  return wrongInIncoming(trade, rules.now, place) ?? trade;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Digit by digit: as a float, 1.15 × 100 would be 114.99999999999999. Zeros beyond the cents are dropped. */
export function centsOf(text: string, takesDecimalComma: boolean): number | undefined {
  const match = (takesDecimalComma ? /^(\d{1,12})(?:[.,](\d{1,2})0*)?$/ : /^(\d{1,12})(?:\.(\d{1,2})0*)?$/).exec(text);
  if (!match) return undefined;
  const [, units = '', decimals = ''] = match;
  return Number(units) * 100 + Number(decimals.padEnd(2, '0'));
}

const epochMilliseconds = /^\d{1,16}$/;

function timeOf(text: string): number | undefined {
  if (epochMilliseconds.test(text)) return Number(text);
  try {
    // Refuses times without an offset: they would mean another moment on every machine. Parts of milliseconds are cut off.
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}
