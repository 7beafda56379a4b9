/** The stocks market's own tables in the State: what the publisher was told. (Batches and bars are in the Results.) */
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { SimulatedCompany, TradesPerSecond } from './options.ts';

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
  const row = await queries
    .withTables<StocksTables>()
    .selectFrom('stocks_setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
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

/**
 * A simulated tape is a function of the seed and the company's temper, so both are written down with its first trade;
 * others would contradict what is on the tape already, and are refused.
 */
export async function rememberTemper(
  queries: Queries,
  seed: string,
  company: SimulatedCompany,
  tapeIsNew: boolean,
  now: number,
): Promise<void> {
  const { name: _name, sector: _sector, ...temper } = company;
  const value = JSON.stringify({ seed, ...temper });
  const stored = await readSetting(queries, `temper:${company.code}`);
  if (stored === value) return;
  if (stored === undefined && tapeIsNew) return await writeSetting(queries, `temper:${company.code}`, value, now);
  throw new KontorError(
    'invalid_option',
    stored === undefined
      ? `STOCK names ${company.code}, but its tape already holds trades that came in from outside: leave it out, or use another DATA_DIR`
      : `STOCKS_SEED or the temper of ${company.code} is not what its tape was begun with (seed ${String(JSON.parse(stored).seed)}): use the same, or another DATA_DIR`,
  );
}
