/** What is stored beside the books: the publisher's rate, and how each tape began. */
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import type { CompanyParameters, SimulatedCompany } from '../domain/companies.ts';
import type { TradesPerSecond } from '../domain/settings.ts';
import { stocksTables } from './tables.ts';

/** The rate that was set while the house was running; undefined where none was. */
export async function readRate(queries: Queries): Promise<TradesPerSecond | undefined> {
  const value = await readSetting(queries, 'trades_per_second');
  if (value === undefined || value === 'max') return value;
  return Number(value);
}

export async function writeRate(queries: Queries, rate: TradesPerSecond, now: number): Promise<void> {
  await writeSetting(queries, 'trades_per_second', String(rate), now);
}

export async function readSetting(queries: Queries, name: string): Promise<string | undefined> {
  const row = await stocksTables(queries).selectFrom('stocks_setting').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function writeSetting(queries: Queries, name: string, value: string, now: number): Promise<void> {
  await stocksTables(queries)
    .insertInto('stocks_setting')
    .values({ name, value, changed_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, changed_at: now }))
    .execute();
}

/** All that the trades of a simulated tape follow from, beside their sequence numbers. */
export interface Simulation {
  readonly seed: string;
  readonly company: SimulatedCompany;
  readonly historyTrades: number;
}

interface StoredSimulation {
  readonly seed: string;
  readonly company: CompanyParameters;
  readonly historyTrades: number;
}

/**
 * Writes the simulation down before the first trade of its tape. Another seed or company would contradict what is on the
 * tape already, and is refused; the history stays as it was. Resolves how many trades of the tape are history.
 */
export async function rememberSimulation(queries: Queries, simulation: Simulation, tapeIsNew: boolean, now: number): Promise<number> {
  const { company, historyTrades } = simulation;
  const shape = shapeOf(simulation);
  const stored = await readSimulation(queries, company.code);
  if (stored?.shape === shape) return stored.historyTrades;
  if (!stored && tapeIsNew && !(await isOutside(queries, company.code))) {
    await writeSetting(queries, simulationOf(company.code), JSON.stringify({ shape, historyTrades }), now);
    return historyTrades;
  }
  throw new KontorError(
    'invalid_option',
    stored
      ? `STOCKS_SEED or the parameters of ${company.code} are not those that its tape began with (${stored.shape}): use the same, or another DATA_DIR`
      : `STOCK names ${company.code}, but its tape already holds trades that came in from outside: leave it out, or use another DATA_DIR`,
  );
}

/** What the trades of a simulated tape were made from, whatever this process would make; undefined where others make them. */
export async function storedSimulation(queries: Queries, code: string): Promise<StoredSimulation | undefined> {
  const stored = await readSimulation(queries, code);
  if (stored === undefined) return undefined;
  const company: CompanyParameters & { readonly seed: string } = JSON.parse(stored.shape);
  return { seed: company.seed, company, historyTrades: stored.historyTrades };
}

/** Who makes the trades of each tape that has begun, in whichever process. */
interface TapeMakers {
  readonly simulated: ReadonlySet<string>;
  /** Companies of the bridge; others whose trades come from outside are in neither. */
  readonly outside: ReadonlySet<string>;
}

export async function readTapeMakers(queries: Queries): Promise<TapeMakers> {
  const rows = await stocksTables(queries)
    .selectFrom('stocks_setting')
    .select('name')
    .where((where) => where.or([where('name', 'like', simulationOf('%')), where('name', 'like', outsideOf('%'))]))
    .execute();
  const codes = (begin: string) => rows.flatMap(({ name }) => (name.startsWith(begin) ? [name.slice(begin.length)] : []));
  return { simulated: new Set(codes(simulationOf(''))), outside: new Set(codes(outsideOf(''))) };
}

/** The first of these companies whose tape a publisher simulates, here or in another process. */
export async function simulatedAmong(queries: Queries, companies: readonly string[]): Promise<string | undefined> {
  const names = companies.map(simulationOf);
  const row = await stocksTables(queries).selectFrom('stocks_setting').select('name').where('name', 'in', names).executeTakeFirst();
  return companies.find((company) => simulationOf(company) === row?.name);
}

/** Marks a company's tape as made by others, before its first trade; refused where a publisher simulates it. */
export async function rememberOutside(queries: Queries, company: string, now: number): Promise<void> {
  if (await readSimulation(queries, company)) {
    throw new KontorError(
      'conflict',
      `${company} is simulated by a publisher here: leave it out of STOCK where the bridge runs, or use another DATA_DIR`,
    );
  }
  await writeSetting(queries, outsideOf(company), 'yes', now);
}

async function isOutside(queries: Queries, company: string): Promise<boolean> {
  if ((await readSetting(queries, outsideOf(company))) !== undefined) return true;
  const taken = stocksTables(queries).selectFrom('stocks_outside_company').select('company').where('company', '=', company);
  return (await taken.executeTakeFirst()) !== undefined;
}

async function readSimulation(
  queries: Queries,
  company: string,
): Promise<{ readonly shape: string; readonly historyTrades: number } | undefined> {
  const stored = await readSetting(queries, simulationOf(company));
  return stored === undefined ? undefined : JSON.parse(stored);
}

/** The names of these settings stay as the first release wrote them. */
function simulationOf(company: string): string {
  return `temper:${company}`;
}

function outsideOf(company: string): string {
  return `outside:${company}`;
}

function shapeOf({ seed, company: { name: _name, sector: _sector, ...parameters } }: Simulation): string {
  return JSON.stringify({ seed, ...parameters });
}
