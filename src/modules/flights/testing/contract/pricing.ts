/** Prices follow what is in the lake: who looked, not how often; and a run that finds nothing to change writes nothing. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { manualClock } from '#testkit/clock.ts';
import { worldAirports } from '../../airports/airports.ts';
import { viewUnit } from '../../domain/model.ts';
import { openDuckdbWarehouse } from '../../engines/warehouse/duckdb.ts';
import { lowestPrices } from '../../store/prices/demand.ts';
import { timetable } from '../../store/timetable/tables.ts';
import { openDemoTimetable, rollOn } from '../../store/timetable/upkeep.ts';
import { type PricingContract, people, pricerWorld } from '../pricer-world.ts';
import { lakeUpkeepContract } from './lake-upkeep.ts';
import { replayContract } from './replay.ts';

const hour = 3_600_000;

export function pricingContract(name: string, engine: PricingContract): void {
  const warehouse = openDuckdbWarehouse({ memoryMiB: 256, threads: 2, clock: manualClock({ flowing: true }) });
  after(() => warehouse.close());
  const contract = { open: engine.open, warehouse };
  const open = (t: Parameters<typeof contract.open>[0]) => pricerWorld(t, contract);

  describe(`prices: ${name}`, () => {
    it('a flight that many look at gets dearer, step by step, with its inputs; then nothing is left to change', async (t) => {
      const world = await open(t);
      const [watched = ''] = world.ids;
      await world.look(people(watched, 200));
      const dry = await world.run({ dryRun: true });
      assert.deepEqual(
        [dry.prices, dry.changed, dry.biggest],
        [6, 1, [{ flightId: watched, cabin: 'economy', before: 1_000, price: 1_050 }]],
      );
      assert.deepEqual(await world.prices(), [1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
      assert.equal(await world.runs(), 0);

      assert.equal((await world.run()).changed, 1);
      assert.deepEqual(await world.prices(), [1_050, 1_000, 1_000, 1_000, 1_000, 1_000]);
      // The same moment again is the same run.
      assert.equal((await world.run()).changed, 0);
      for (const changed of [1, 1, 0]) {
        await world.clock.advance(60_000);
        assert.equal((await world.run()).changed, changed);
      }
      assert.deepEqual((await world.prices())[0], 1_150);
      assert.equal(await world.runs(), 3);
      const [[flight, inputs] = ['', undefined]] = await world.stored();
      assert.equal(flight, watched);
      assert.equal(inputs?.views, 200 * viewUnit);
      assert.deepEqual([inputs?.usualViews, inputs?.before, inputs?.price, inputs?.limitedBy], [0, 1_000, 1_050, 'run']);
      assert.deepEqual(
        (await world.stored()).map(([, { limitedBy }]) => limitedBy),
        ['run', 'run', 'day'],
      );
    });

    it('a bot that reloads a million times counts once, and a thousand visitors of one network as four', async (t) => {
      const world = await open(t);
      const [bot = '', crowd = '', accounts = ''] = world.ids;
      await world.reload({ flight: bot, visitor: 1 }, 1_000_000);
      await world.look(Array.from({ length: 1_000 }, (_, visitor) => ({ flight: crowd, visitor, network: 7 })));
      assert.equal((await world.run()).changed, 0);
      assert.deepEqual(await world.prices(), Array(6).fill(1_000));
      // People with accounts count one by one, also where they share a network.
      await world.look(Array.from({ length: 100 }, (_, visitor) => ({ flight: accounts, visitor, network: 7, account: true })));
      assert.equal((await world.run()).changed, 1);
      assert.deepEqual((await world.prices())[2], 1_050);
    });

    it('who saw a flight only in a list counts an eighth, and only once together with a closer look', async (t) => {
      const world = await open(t);
      const [flight = ''] = world.ids;
      const seen = (kind: 'listed' | 'opened', count: number) => people(flight, count).map((access) => ({ ...access, kind }));
      await world.look([...seen('listed', 400), ...seen('opened', 80), ...seen('listed', 400)], world.clock.now() - 20_000);
      await world.run();
      const [[, inputs] = []] = await world.stored();
      assert.equal(inputs?.views, (80 + 320 / 8) * viewUnit);
    });

    it('what came after the moment, and what is older than three days, does not count', async (t) => {
      const world = await open(t);
      const [flight = '', other = ''] = world.ids;
      await world.look(people(flight, 500), world.clock.now() - 73 * hour);
      await world.look(people(other, 500), world.clock.now() - 1_000);
      assert.equal((await world.run()).changed, 0);
      await world.clock.advance(60_000);
      assert.equal((await world.run()).changed, 1);
    });

    it('watched routes have the lowest price of their flights to come', async (t) => {
      const world = await open(t);
      const [watched = '', cheapest = '', cancelled = ''] = world.ids;
      await world.look(people(watched, 200));
      const { routes } = await world.run();
      const cheap = (id: string, price: number) =>
        world.state.write((queries) => timetable(queries).updateTable('flights_fare').set({ price }).where('flight_id', '=', id).execute());
      await cheap(cheapest, 700);
      await cheap(cancelled, 600);
      await world.state.write((queries) =>
        timetable(queries).updateTable('flights_flight').set({ state: 'cancelled' }).where('id', '=', cancelled).execute(),
      );
      const asked = [...routes, { from: 'LIS', to: 'HAM', share: 0, flights: 0 }];
      const lowest = (now: number) => world.state.read((queries) => lowestPrices(queries, asked, now));
      assert.deepEqual(await lowest(world.clock.now()), [700, null]);
      assert.deepEqual(await lowest(world.clock.now() + 200 * 24 * hour), [null, null]);
    });

    it('a new timetable costs what the model says already: a run finds nothing to change, and writes nothing', async (t) => {
      const world = await open(t);
      const upkeep = { state: world.state, airports: worldAirports(), now: world.clock.now() };
      await openDemoTimetable(upkeep, 2_000);
      while ((await rollOn(upkeep, 30)) === 'more');
      const { prices, changed } = await world.run();
      assert.ok(prices > 2_000);
      assert.equal(changed, 0);
      assert.equal(await world.runs(), 0);
    });

    it('a price that a clerk changed meanwhile is left alone', async (t) => {
      const world = await open(t);
      const [flight = ''] = world.ids;
      await world.look(people(flight, 500));
      const write = world.state.write.bind(world.state);
      let meddled = false;
      world.state.write = async (work) => {
        if (!meddled)
          await write((queries) =>
            timetable(queries).updateTable('flights_fare').set({ price: 1_234 }).where('flight_id', '=', flight).execute(),
          );
        meddled = true;
        return write(work);
      };
      assert.equal((await world.run()).changed, 0);
      assert.deepEqual((await world.prices())[0], 1_234);
      assert.equal(await world.runs(), 0);
    });
  });
  replayContract(name, contract);
  lakeUpkeepContract(name, contract);
}
