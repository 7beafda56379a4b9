/** The stocks market's own tables in the State: what the publisher was told. (Batches and bars are in the Results.) */
import type { Migration, Queries } from '#core/ports/state.ts';
import type { TradesPerSecond } from './options.ts';

type StocksTables = {
  stocks_setting: { name: string; value: string; changed_at: number };
};

export const stocksMigrations: readonly Migration[] = [
  {
    id: 'stocks-001-settings',
    async up(queries) {
      await queries.schema
        .createTable('stocks_setting')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

/** The rate somebody set while the house was running; undefined when nobody did. */
export async function readRate(queries: Queries): Promise<TradesPerSecond | undefined> {
  const value = await readSetting(queries, 'trades_per_second');
  if (value === undefined || value === 'max') return value;
  return Number(value);
}

export async function writeRate(queries: Queries, rate: TradesPerSecond, now: number): Promise<void> {
  await writeSetting(queries, 'trades_per_second', String(rate), now);
}

export async function readSetting(queries: Queries, name: string): Promise<string | undefined> {
  const row = await queries.withTables<StocksTables>().selectFrom('stocks_setting').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function writeSetting(queries: Queries, name: string, value: string, now: number): Promise<void> {
  await queries
    .withTables<StocksTables>()
    .insertInto('stocks_setting')
    .values({ name, value, changed_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, changed_at: now }))
    .execute();
}
