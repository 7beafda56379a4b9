/** The Results' tables in the State, and how a batch, a bar and a cursor are written in them. */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Bar, BarInterval, Batch, Cursor, OpenBatch, Totals } from '../../ports/results.ts';

const totalsColumns = {
  count: 'bigint',
  sum_price_cents: 'bigint',
  turnover_cents: 'bigint',
  volume: 'bigint',
  buys: 'bigint',
  buy_volume: 'bigint',
  open_cents: 'bigint',
  high_cents: 'bigint',
  low_cents: 'bigint',
  close_cents: 'bigint',
} as const;

export const batchColumns = {
  company: 'text',
  number: 'bigint',
  first_seq: 'bigint',
  last_seq: 'bigint',
  first_at: 'bigint',
  last_at: 'bigint',
  ...totalsColumns,
} as const;

export const barColumns = { company: 'text', interval: 'text', start_at: 'bigint', ...totalsColumns } as const;

type TotalsRow = Record<keyof typeof totalsColumns, number>;
type BatchRow = { company: string; number: number; first_seq: number; last_seq: number; first_at: number; last_at: number } & TotalsRow;
type BarRow = { company: string; interval: string; start_at: number } & TotalsRow;
type CursorRow = {
  company: string;
  position: number;
  batches: number;
  batched_trades: number;
  batch_size: number;
  /** The open batch as JSON: read and written as a whole, never searched. */
  open_batch: string | null;
  last_price_cents: number;
  last_at: number;
};

export type ResultsTables = {
  result_batch: BatchRow;
  result_bar: BarRow;
  result_cursor: CursorRow;
  result_meta: { name: string; value: string };
};

export const resultsMigrations: readonly Migration[] = [{ id: 'results-001-tables', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const clustered = dialectOf(queries) === 'sqlite' ? sql`without rowid` : sql``;
  await queries.schema
    .createTable('result_meta')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await queries.schema
    .createTable('result_cursor')
    .addColumn('company', 'text', (c) => c.primaryKey())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('batches', 'bigint', (c) => c.notNull())
    .addColumn('batched_trades', 'bigint', (c) => c.notNull())
    .addColumn('batch_size', 'bigint', (c) => c.notNull())
    .addColumn('open_batch', 'text')
    .addColumn('last_price_cents', 'bigint', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .execute();
  for (const [table, columns, key] of [
    ['result_batch', batchColumns, ['company', 'number']],
    ['result_bar', barColumns, ['company', 'interval', 'start_at']],
  ] as const) {
    let create = queries.schema.createTable(table);
    for (const [name, type] of Object.entries(columns)) create = create.addColumn(name, sql.raw(type), (c) => c.notNull());
    await create
      .addPrimaryKeyConstraint(`${table}_key`, [...key] as never)
      .modifyEnd(clustered)
      .execute();
  }
}

export function batchRow(batch: Batch): Insertable<BatchRow> {
  return {
    company: batch.company,
    number: batch.number,
    first_seq: batch.firstSeq,
    last_seq: batch.lastSeq,
    first_at: batch.firstAt,
    last_at: batch.lastAt,
    ...totalsRow(batch),
  };
}

export function batchOf(row: Selectable<BatchRow>): Batch {
  return {
    company: row.company,
    number: row.number,
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    firstAt: row.first_at,
    lastAt: row.last_at,
    ...totalsOf(row),
  };
}

export function barRow(bar: Bar): Insertable<BarRow> {
  return { company: bar.company, interval: bar.interval, start_at: bar.startAt, ...totalsRow(bar) };
}

export function barOf(row: Selectable<BarRow>): Bar {
  return { company: row.company, interval: row.interval as BarInterval, startAt: row.start_at, ...totalsOf(row) };
}

export function cursorRow(cursor: Cursor): Insertable<CursorRow> {
  return {
    company: cursor.company,
    position: cursor.position,
    batches: cursor.batches,
    batched_trades: cursor.batchedTrades,
    batch_size: cursor.batchSize,
    open_batch: cursor.open ? JSON.stringify(cursor.open) : null,
    last_price_cents: cursor.lastPriceCents,
    last_at: cursor.lastAt,
  };
}

export function cursorOf(row: Selectable<CursorRow>): Cursor {
  return {
    company: row.company,
    position: row.position,
    batches: row.batches,
    batchedTrades: row.batched_trades,
    batchSize: row.batch_size,
    open: row.open_batch === null ? undefined : (JSON.parse(row.open_batch) as OpenBatch),
    lastPriceCents: row.last_price_cents,
    lastAt: row.last_at,
  };
}

function totalsRow(totals: Totals): TotalsRow {
  return {
    count: totals.count,
    sum_price_cents: totals.sumPriceCents,
    turnover_cents: totals.turnoverCents,
    volume: totals.volume,
    buys: totals.buys,
    buy_volume: totals.buyVolume,
    open_cents: totals.openCents,
    high_cents: totals.highCents,
    low_cents: totals.lowCents,
    close_cents: totals.closeCents,
  };
}

function totalsOf(row: TotalsRow): Totals {
  return {
    count: row.count,
    sumPriceCents: row.sum_price_cents,
    turnoverCents: row.turnover_cents,
    volume: row.volume,
    buys: row.buys,
    buyVolume: row.buy_volume,
    openCents: row.open_cents,
    highCents: row.high_cents,
    lowCents: row.low_cents,
    closeCents: row.close_cents,
  };
}
