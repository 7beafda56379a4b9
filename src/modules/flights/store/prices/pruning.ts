/** Which changes of prices are no longer kept. Runs count them, so that a replay knows what it cannot see. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import type { Manifest } from '../../domain/manifest.ts';
import { type PriceTables, priceTables } from './tables.ts';

const changesAtOnce = 1_000;

/** Removes the oldest changes that were made before a moment, about a thousand. Resolves how many. */
export async function pruneSome(queries: Queries, before: number): Promise<number> {
  const tables = priceTables(queries);
  const past = await tables
    .selectFrom('flights_price')
    .select('at')
    .where('at', '<', before)
    .orderBy('at')
    .offset(changesAtOnce)
    .limit(1)
    .executeTakeFirst();
  const until = past === undefined ? before : past.at + 1;
  const removed = await tables.deleteFrom('flights_price').where('at', '<', until).returning('run_id').execute();
  for (const [id, its] of Map.groupBy(removed, ({ run_id }) => run_id)) {
    await tables
      .updateTable('flights_run')
      .set((run) => ({ pruned: run('pruned', '+', its.length) }))
      .where('id', '=', id)
      .execute();
  }
  if (removed.length > 0) await addPruned(queries, { before: until, prices: removed.length, runs: 0 });
  return removed.length;
}

interface PrunedRun {
  readonly id: string;
  /** Of its file in the lake; undefined when another run has the same. */
  readonly timetable: string | undefined;
}

/** A run none of whose changes is kept; undefined when there is none. */
export async function readPrunedRun(state: State): Promise<PrunedRun | undefined> {
  return state.read(async (queries) => {
    const tables = priceTables(queries);
    const run = await tables
      .selectFrom('flights_run')
      .select(['id', 'reads'])
      .whereRef('pruned', '=', 'changed')
      .limit(1)
      .executeTakeFirst();
    if (run === undefined) return undefined;
    const { timetable } = JSON.parse(run.reads) as Manifest;
    const others = tables.selectFrom('flights_run').select('id').where('id', '<>', run.id).where('reads', 'like', `%"${timetable}"%`);
    const same = await others.limit(1).executeTakeFirst();
    return { id: run.id, timetable: same === undefined ? timetable : undefined };
  });
}

export async function forgetRun(state: State, id: string): Promise<void> {
  await state.write(async (queries) => {
    const { numDeletedRows } = await priceTables(queries)
      .deleteFrom('flights_run')
      .where('id', '=', id)
      .whereRef('pruned', '=', 'changed')
      .executeTakeFirst();
    if (numDeletedRows > 0n) await addPruned(queries, { before: 0, prices: 0, runs: 1 });
  });
}

async function addPruned(queries: Queries, { before, prices, runs }: Omit<PriceTables['flights_pruned'], 'id'>): Promise<void> {
  await sql`insert into flights_pruned (id, before, prices, runs) values (1, ${before}, ${prices}, ${runs})
    on conflict (id) do update set
      before = case when excluded.before > flights_pruned.before then excluded.before else flights_pruned.before end,
      prices = flights_pruned.prices + excluded.prices, runs = flights_pruned.runs + excluded.runs`.execute(queries);
}

/** Of all time. */
export async function readPruned(queries: Queries): Promise<Omit<PriceTables['flights_pruned'], 'id'>> {
  const row = await priceTables(queries).selectFrom('flights_pruned').select(['before', 'prices', 'runs']).executeTakeFirst();
  return row ?? { before: 0, prices: 0, runs: 0 };
}
