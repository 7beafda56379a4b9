/** How far the log of accesses is in the lake, and the files that it has there: written in one transaction. */
import type { Queries, State } from '#core/ports/state.ts';
import { accessTables, type LakeFileRow } from './tables.ts';

export interface Landed {
  readonly position: number;
  /** The files that the next step writes; stored before they are written, so that every attempt writes the same. */
  readonly plan: Plan | undefined;
}

export interface Plan {
  readonly last: number;
  readonly paths: readonly string[];
}

export async function readLanded(state: State, partition: string): Promise<Landed> {
  return state.read(async (queries) => {
    const row = await accessTables(queries)
      .selectFrom('flights_landed')
      .select(['position', 'plan'])
      .where('partition', '=', partition)
      .executeTakeFirst();
    return { position: row?.position ?? 0, plan: row?.plan == null ? undefined : (JSON.parse(row.plan) as Plan) };
  });
}

/** False when another recorder was at work on the partition. */
export async function storePlan(state: State, partition: string, before: Landed, plan: Plan): Promise<boolean> {
  return state.write(async (queries) => {
    const tables = accessTables(queries);
    await tables
      .insertInto('flights_landed')
      .values({ partition, position: 0, rows: 0, expired: 0, plan: null })
      .onConflict((conflict) => conflict.column('partition').doNothing())
      .execute();
    return moved(queries, partition, before, { plan: JSON.stringify(plan) });
  });
}

/** The files of the plan exist: from now on they count. False when another recorder was faster. */
export async function advance(state: State, partition: string, planned: Required<Landed>, files: readonly LakeFileRow[]): Promise<boolean> {
  const { plan } = planned;
  if (plan === undefined) return false;
  return state.write(async (queries) => {
    if (!(await moved(queries, partition, planned, { position: plan.last, rows: plan.last, plan: null }))) return false;
    for (const file of files) await accessTables(queries).insertInto('flights_file').values(file).execute();
    return true;
  });
}

type Change = { readonly position?: number; readonly rows?: number; readonly plan: string | null };

async function moved(queries: Queries, partition: string, from: Landed, change: Change): Promise<boolean> {
  const plan = from.plan === undefined ? null : JSON.stringify(from.plan);
  const { numUpdatedRows } = await accessTables(queries)
    .updateTable('flights_landed')
    .set(change)
    .where('partition', '=', partition)
    .where('position', '=', from.position)
    .where('plan', plan === null ? 'is' : '=', plan)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
