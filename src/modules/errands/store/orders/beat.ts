/** The beat of schedulers: since when they have run without a pause. What is due while the house stands still has until it runs again. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { orderTables } from './tables.ts';

export const beatMs = 10_000;
/** A longer pause begins a new run of the house. */
const pauseMs = 3 * beatMs;

export async function beat(queries: Queries, now: number): Promise<void> {
  await sql`insert into errands_beat (id, since, at) values (1, ${now}, ${now})
    on conflict (id) do update set
      since = case when excluded.at > errands_beat.at + ${sql.lit(pauseMs)} then excluded.at else errands_beat.since end,
      at = case when excluded.at > errands_beat.at then excluded.at else errands_beat.at end`.execute(queries);
}

export interface Beat {
  readonly since: number;
  readonly at: number;
}

export async function lastBeat(queries: Queries): Promise<Beat | undefined> {
  return orderTables(queries).selectFrom('errands_beat').select(['since', 'at']).executeTakeFirst();
}
