/**
 * Which numbers were given to accesses, for streams that cannot tell where a partition ends. Before a frame is published, its
 * last number is stored as intended. After a crash it may or may not be on the stream: the next emitter publishes a frame of
 * lost accesses with the same numbers, which consumers drop as a repetition if the first one arrived.
 */
import type { State } from '#core/ports/state.ts';
import { accessTables } from './tables.ts';

export interface Emitted {
  readonly confirmed: number;
  readonly intended: number;
}

export async function readEmitted(state: State, partition: string): Promise<Emitted> {
  return state.read(async (queries) => {
    const row = await accessTables(queries)
      .selectFrom('flights_emitted')
      .select(['confirmed', 'intended'])
      .where('partition', '=', partition)
      .executeTakeFirst();
    return row ?? { confirmed: 0, intended: 0 };
  });
}

/** False when another process has written in between. */
export async function intend(state: State, partition: string, before: Emitted, next: Emitted): Promise<boolean> {
  return state.write(async (queries) => {
    const tables = accessTables(queries);
    await tables
      .insertInto('flights_emitted')
      .values({ partition, confirmed: 0, intended: 0 })
      .onConflict((conflict) => conflict.column('partition').doNothing())
      .execute();
    const { numUpdatedRows } = await tables
      .updateTable('flights_emitted')
      .set({ confirmed: next.confirmed, intended: next.intended })
      .where('partition', '=', partition)
      .where('confirmed', '=', before.confirmed)
      .where('intended', '=', before.intended)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  });
}
