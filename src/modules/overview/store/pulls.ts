/** Pulls in the State: one under way at a time, and the newest that are over. */
import type { Plug } from '#core/plugs.ts';
import type { Queries } from '#core/ports/state.ts';
import { type Held, type LawFound, type Pull, pullTimeoutMs } from '../domain/pull.ts';
import type { OverviewTables } from './tables.ts';

export const maxKeptPulls = 200;

type Row = OverviewTables['overview_pull'];

function tablesOf(queries: Queries) {
  return queries.withTables<OverviewTables>();
}

export interface NewPull extends Plug {
  readonly id: string;
  readonly askedAt: number;
  readonly held: Held;
}

/** False while another is under way. */
export async function beginPull(queries: Queries, { id, kind, target, askedAt, held }: NewPull): Promise<boolean> {
  const tables = tablesOf(queries);
  // One whose process is gone is over by now.
  await tables
    .updateTable('overview_pull')
    .set({ state: 'failed', slot: null, why: 'nobody knows what became of it' })
    .where('slot', '=', 1)
    .where('asked_at', '<', askedAt - pullTimeoutMs)
    .execute();
  const { numInsertedOrUpdatedRows } = await tables
    .insertInto('overview_pull')
    .values({ id, kind, target, state: 'running', slot: 1, asked_at: askedAt, held: JSON.stringify(held) })
    .onConflict((conflict) => conflict.column('slot').doNothing())
    .executeTakeFirst();
  if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  await removeOld(queries);
  return true;
}

async function removeOld(queries: Queries): Promise<void> {
  const tables = tablesOf(queries);
  const [oldest] = await tables
    .selectFrom('overview_pull')
    .select('asked_at')
    .orderBy('asked_at', 'desc')
    .limit(1)
    .offset(maxKeptPulls)
    .execute();
  if (oldest !== undefined) await tables.deleteFrom('overview_pull').where('asked_at', '<=', oldest.asked_at).execute();
}

/** Stores how far it is; changes nothing when it is over already. */
export async function storePull(queries: Queries, pull: Pull): Promise<void> {
  await tablesOf(queries)
    .updateTable('overview_pull')
    .set({
      state: pull.state,
      slot: pull.state === 'running' ? 1 : null,
      pulled_at: pull.pulledAt,
      noticed_at: pull.noticedAt,
      taken_over_at: pull.takenOverAt,
      ready_at: pull.readyAt,
      recovered_at: pull.recoveredAt,
      audited_at: pull.auditedAt,
      laws: pull.laws === null ? null : JSON.stringify(pull.laws),
      why: pull.why,
    })
    .where('id', '=', pull.id)
    .where('slot', '=', 1)
    .execute();
}

export async function runningPull(queries: Queries): Promise<Pull | undefined> {
  const row = await tablesOf(queries).selectFrom('overview_pull').selectAll().where('slot', '=', 1).executeTakeFirst();
  return row === undefined ? undefined : pullOf(row);
}

/** Newest first. */
export async function newestPulls(queries: Queries, limit: number): Promise<readonly Pull[]> {
  const rows = await tablesOf(queries)
    .selectFrom('overview_pull')
    .selectAll()
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(pullOf);
}

export async function findPull(queries: Queries, id: string): Promise<Pull | undefined> {
  const row = await tablesOf(queries).selectFrom('overview_pull').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : pullOf(row);
}

function pullOf(row: Row): Pull {
  return {
    id: row.id,
    kind: row.kind,
    target: row.target,
    state: row.state,
    askedAt: row.asked_at,
    pulledAt: row.pulled_at,
    noticedAt: row.noticed_at,
    takenOverAt: row.taken_over_at,
    readyAt: row.ready_at,
    recoveredAt: row.recovered_at,
    auditedAt: row.audited_at,
    held: JSON.parse(row.held) as Held,
    laws: row.laws === null ? null : (JSON.parse(row.laws) as LawFound[]),
    why: row.why,
  };
}
