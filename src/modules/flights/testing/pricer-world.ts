/** Six flights of one route, and a lake of accesses to them, for tests of the pricer. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { silentLog } from '#testkit/log.ts';
import type { PriceInputs } from '../api/prices/contracts.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { reprice } from '../roles/pricer/reprice.ts';
import { land } from '../roles/recorder/landing.ts';
import { timetable } from '../store/timetable/tables.ts';
import { accessFrame, accessWorld, type MadeAccess } from './access-world.ts';

const hour = 3_600_000;
const day = 24 * hour;

export interface PricingContract {
  open(t: TestContext): Promise<State>;
  /** One that tests share: it takes a while to start. */
  readonly warehouse?: Warehouse;
}

/** Flights KO1 to KO6 of one route, which depart in 100 days. */
export async function pricerWorld(t: TestContext, contract: PricingContract) {
  const world = await accessWorld(t, {
    state: await contract.open(t),
    warehouse: contract.warehouse,
  });
  const departsAt = world.clock.now() + 100 * day;
  const ids = [1, 2, 3, 4, 5, 6].map((number) => `KO${number}-20260701`);
  await world.state.write(async (queries) => {
    for (const id of ids) {
      const flight = {
        id,
        number: id.split('-')[0] ?? '',
        origin: 'HAM',
        destination: 'LIS',
        day: 20_635,
        aircraft: 'A320',
        state: 'scheduled' as const,
      };
      await timetable(queries)
        .insertInto('flights_flight')
        .values({ ...flight, departs_at: departsAt, arrives_at: departsAt + 3 * hour })
        .execute();
      const fare = {
        flight_id: id,
        cabin: 'economy' as const,
        seats: 180,
        sold: 0,
        base: 1_000,
        floor: 500,
        ceiling: 3_000,
        price: 1_000,
        priced_at: 0,
      };
      await timetable(queries).insertInto('flights_fare').values(fare).execute();
    }
  });
  let end = 0;
  const ports = { ...world, log: silentLog() };
  return {
    ...ports,
    ids,
    /** One visitor looks at a flight so many times. */
    async reload(access: Omit<MadeAccess, 'at'>, times: number) {
      const { body } = accessFrame(end + 1, [{ ...access, at: world.clock.now() - hour }]);
      const all = new Uint8Array(times * body.length);
      all.set(body);
      for (let filled = body.length; filled < all.length; filled *= 2) all.copyWithin(filled, 0, filled);
      const frame = { first: end + 1, count: times, body: all };
      end += times;
      assert.equal(await land(ports, '0', [frame]), 'done');
    },
    async look(accesses: readonly Omit<MadeAccess, 'at'>[], at = world.clock.now() - hour) {
      const frame = accessFrame(
        end + 1,
        accesses.map((access) => ({ ...access, at })),
      );
      end += accesses.length;
      assert.equal(await land(ports, '0', [frame]), 'done');
    },
    run: (order: { dryRun?: boolean; asOf?: number } = {}) => reprice(ports, { dryRun: false, ...order }),
    prices: async () =>
      (
        await world.state.read((queries) => sql<{ price: number }>`select price from flights_fare order by flight_id`.execute(queries))
      ).rows.map(({ price }) => price),
    stored: async () =>
      (
        await world.state.read((queries) =>
          sql<{ flight_id: string; inputs: string }>`select flight_id, inputs from flights_price order by "at"`.execute(queries),
        )
      ).rows.map(({ flight_id, inputs }) => [flight_id, JSON.parse(inputs) as PriceInputs] as const),
    runs: async () => (await world.state.read((queries) => sql`select * from flights_run`.execute(queries))).rows.length,
  };
}

/** So many visitors, each from a network of its own. */
export const people = (flight: string, count: number) => Array.from({ length: count }, (_, visitor) => ({ flight, visitor }));
