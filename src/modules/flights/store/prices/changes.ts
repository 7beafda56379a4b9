/** Stores new prices with what gave them, in bounded transactions that bookings may race with. */
import type { Queries, State } from '#core/ports/state.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { timetable } from '../timetable/tables.ts';
import { type PriceTables, priceTables } from './tables.ts';

/** A transaction holds the fares that it changes for as long as this many take. */
const changesPerWrite = 250;

export interface PriceChange {
  readonly flightId: string;
  readonly cabin: Cabin;
  readonly before: number;
  readonly price: number;
  /** As JSON. */
  readonly inputs: string;
}

/** What a run says of itself before it changes prices. */
type NewRun = Omit<PriceTables['flights_run'], 'changed' | 'pruned' | 'took_ms'>;

/** By flight and cabin, which is the order of locks. A fare whose price was changed meanwhile is left as it is. Resolves how many changed. */
export async function storeChanges(state: State, run: NewRun, changes: readonly PriceChange[], now: () => number): Promise<number> {
  let changed = 0;
  for (let start = 0; start < changes.length; start += changesPerWrite) {
    const at = now();
    changed += await state.write((queries) => storeSome(queries, run, changes.slice(start, start + changesPerWrite), at));
  }
  return changed;
}

async function storeSome(queries: Queries, run: NewRun, changes: readonly PriceChange[], now: number): Promise<number> {
  const fares = timetable(queries);
  const updated = await Promise.all(
    changes.map(({ flightId, cabin, before, price }) =>
      fares
        .updateTable('flights_fare')
        // Times of one fare rise, also when the clock was set back.
        .set((fare) => ({
          price,
          priced_at: fare
            .case()
            .when('priced_at', '<', now)
            .then(now)
            .else(fare('priced_at', '+', 1))
            .end(),
        }))
        .where('flight_id', '=', flightId)
        .where('cabin', '=', cabin)
        .where('price', '=', before)
        .where('floor', '<=', price)
        .where('ceiling', '>=', price)
        .returning('priced_at')
        .executeTakeFirst(),
    ),
  );
  const rows = changes.flatMap(({ flightId, cabin, before, price, inputs }, index) => {
    const at = updated[index]?.priced_at;
    return at === undefined ? [] : [{ flight_id: flightId, cabin, at, run_id: run.id, before, price, inputs }];
  });
  if (rows.length === 0) return 0;
  const prices = priceTables(queries);
  await prices
    .insertInto('flights_run')
    .values({ ...run, changed: rows.length, pruned: 0, took_ms: Math.max(0, now - run.started_at) })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        changed: row('flights_run.changed', '+', rows.length),
        took_ms: Math.max(0, now - run.started_at),
      })),
    )
    .execute();
  await prices.insertInto('flights_price').values(rows).execute();
  return rows.length;
}
