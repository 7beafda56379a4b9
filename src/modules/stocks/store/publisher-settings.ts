/** The stocks market's own tables in the State: what the publisher was told. (Batches and bars are in the Results.) */
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { SimulatedCompany, TradesPerSecond } from '../domain/settings.ts';

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
 * A simulated tape is a function of the seed, the company's temper and the length of the history, so they are written down
 * with its first trade. Another seed or temper would contradict what is on the tape already, and is refused; the history
 * stays what it was. Resolves how many trades of the tape are history.
 */
export async function rememberTemper(queries: Queries, temper: Temper, tapeIsNew: boolean, now: number): Promise<number> {
  const { company } = temper;
  const stored = await readTemper(queries, company.code);
  const isOutside = (await readSetting(queries, outsideOf(company.code))) !== undefined;
  if (!stored && !isOutside && tapeIsNew) {
    await writeSetting(
      queries,
      temperOf(company.code),
      JSON.stringify({ shape: shapeOf(temper), historyTrades: temper.historyTrades }),
      now,
    );
    return temper.historyTrades;
  }
  if (stored?.shape === shapeOf(temper)) return stored.historyTrades;
  throw new KontorError(
    'invalid_option',
    stored
      ? `STOCKS_SEED or the temper of ${company.code} is not what its tape was begun with (${stored.shape}): use the same, or another DATA_DIR`
      : `STOCK names ${company.code}, but its tape already holds trades that came in from outside: leave it out, or use another DATA_DIR`,
  );
}

/** How many trades at the beginning of a simulated tape are history; undefined when the tape is not a simulated one. */
export async function readHistoryTrades(queries: Queries, company: string): Promise<number | undefined> {
  return (await readTemper(queries, company))?.historyTrades;
}

/** Marks a company's tape as made by others, before its first trade; refused where a publisher simulates it. */
export async function rememberOutside(queries: Queries, company: string, now: number): Promise<void> {
  if (await readTemper(queries, company)) {
    throw new KontorError(
      'conflict',
      `${company} is simulated by a publisher here: leave it out of STOCK where the bridge runs, or use another DATA_DIR`,
    );
  }
  await writeSetting(queries, outsideOf(company), 'yes', now);
}

export interface Temper {
  readonly seed: string;
  readonly company: SimulatedCompany;
  readonly historyTrades: number;
}

interface StoredTemper {
  readonly shape: string;
  readonly historyTrades: number;
}

async function readTemper(queries: Queries, company: string): Promise<StoredTemper | undefined> {
  const stored = await readSetting(queries, temperOf(company));
  return stored === undefined ? undefined : (JSON.parse(stored) as StoredTemper);
}

function temperOf(company: string): string {
  return `temper:${company}`;
}

function outsideOf(company: string): string {
  return `outside:${company}`;
}

function shapeOf({ seed, company: { name: _name, sector: _sector, ...temper } }: Temper): string {
  return JSON.stringify({ seed, ...temper });
}
