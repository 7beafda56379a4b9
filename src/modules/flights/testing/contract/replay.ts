/** Past prices are computed again to the last coin; what was tampered with is named, by the replay and by the laws. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { seededRandom } from '#core/seeded-random.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { prunePrices } from '../../roles/pricer/prune.ts';
import { replay } from '../../roles/pricer/replay.ts';
import { expireAccesses } from '../../roles/recorder/expire.ts';
import { keepLake } from '../../roles/recorder/upkeep.ts';
import { verifyLake } from '../../roles/recorder/verify.ts';
import { accessesLaw } from '../../store/access/accesses-law.ts';
import { pricesLaw } from '../../store/prices/prices-law.ts';
import { faultyPorts, untilDone } from '../faulty-ports.ts';
import { type PricingContract, people, pricerWorld } from '../pricer-world.ts';

const hour = 3_600_000;

export function replayContract(name: string, contract: PricingContract): void {
  describe(`replay: ${name}`, () => {
    it('every past price is computed again, although more accesses and flights came since', async (t) => {
      const world = await history(t, contract);
      await world.sql("delete from flights_flight where id like 'KO6-%'");
      await world.sql("delete from flights_fare where flight_id like 'KO6-%'");
      const { runs, prices, expired, differences } = await replay(world);
      assert.deepEqual([runs, expired, differences], [3, 0, []]);
      assert.ok(prices >= 3);
      assert.deepEqual(await world.violations(), []);
      const verified = await verifyLake(world);
      assert.deepEqual([verified.rows, verified.faults], [300 + 30 + 600, []]);
    });

    it('a price, an input, a row or a file that was tampered with is named', async (t) => {
      const world = await history(t, contract);
      // Those of the first run, of two flights.
      await world.sql(
        `update flights_price set inputs = replace(inputs, '"views":', '"views":9') where at = (select min(at) from flights_price)`,
      );
      const { differences } = await replay(world);
      assert.equal(differences.length, 2, differences.join('\n'));
      assert.match(differences[0] ?? '', /views is stored as \d+, computed as \d+/);

      await world.sql('update flights_price set price = price + 1 where at = (select max(at) from flights_price)');
      assert.ok((await world.violations()).some((violation) => /its inputs say/.test(violation)));

      const [file] = await world.lake.list('access', { limit: 1 });
      await writeFile(join(world.folder, file?.path ?? ''), 'not Parquet');
      assert.match((await verifyLake(world)).faults.join(), /has another content than was landed/);
      assert.match((await replay(world)).differences.join(), /is not what was landed/);

      await world.sql(`delete from flights_file where path = '${file?.path}'`);
      assert.ok((await world.violations()).some((violation) => /partition 0 is at 930, but the lake has/.test(violation)));
      assert.match((await verifyLake(world)).faults.join(), /no file has access/);
    });

    it('every past price is computed again after the files of the lake were merged, and new runs see the same', async (t) => {
      const world = await history(t, contract);
      const before = await world.run({ dryRun: true });
      const files = (await world.lake.list('access', { limit: 100 })).length;
      await world.clock.advance(hour);
      await keepLake(world, { flightsLakeCompactHours: 0, flightsLakeCompactMib: 1, flightsLakeKeepDays: 30 });
      const { files: left, faults } = await verifyLake(world);
      assert.ok(left < files, `${left} of ${files} files`);
      assert.deepEqual(faults, []);
      assert.deepEqual((await replay(world)).differences, []);
      assert.deepEqual(await world.violations(), []);
      assert.deepEqual(await world.run({ dryRun: true, asOf: before.asOf }), before);
    });

    it('prices that are not kept are counted, and the others are computed again, whatever fails on the way', async (t) => {
      const world = await history(t, contract);
      const all = (await replay(world)).prices;
      // The changes of the first run are older than four days then, the others are not.
      await world.clock.advance(4 * 24 * hour - 5 * hour);
      const ports = faultyPorts(world, 1);
      await untilDone(() => prunePrices(ports, 4));
      await prunePrices(world, 4);
      const some = await replay(world);
      assert.deepEqual([some.runs, some.pruned.prices + some.prices, some.differences], [2, all, []]);
      assert.ok(some.prices > 0 && some.pruned.prices > 0);
      assert.deepEqual(await world.violations(), []);
      assert.equal((await world.lake.list('timetable', { limit: 10 })).length, 1, 'the timetable that the others read stays');

      await world.clock.advance(24 * hour);
      for (let failing = 1; failing <= 20; failing += 1) {
        const failingOnce = faultyPorts(world, failing);
        await untilDone(() => prunePrices(failingOnce, 4));
      }
      const none = await replay(world);
      assert.deepEqual([none.runs, none.prices, none.pruned.prices, none.differences], [0, 0, all, []]);
      assert.deepEqual(await world.violations(), []);
      assert.equal((await world.lake.list('timetable', { limit: 10 })).length, 0);
    });

    it('accesses that expired are counted, and a replay says that their runs cannot be computed again', async (t) => {
      const world = await history(t, contract);
      await world.clock.advance(40 * 24 * hour);
      await expireAccesses(world, 30);
      assert.deepEqual(await world.lake.list('access', { limit: 10 }), []);
      assert.deepEqual(await world.violations(), []);
      assert.deepEqual((await verifyLake(world)).faults, []);
      const { runs, expired, differences } = await replay(world);
      assert.deepEqual([runs, expired, differences], [3, 3, []]);
    });
  });
}

/** Three runs, with accesses before, between and after, some of which came late. */
async function history(t: TestContext, contract: PricingContract) {
  const world = await pricerWorld(t, contract);
  const [one = '', two = ''] = world.ids;
  const early = people(one, 300);
  for (const some of [early.slice(0, 150), early.slice(150)]) await world.look(some, world.clock.now() - 30 * hour);
  await world.look(people(two, 30), world.clock.now() - hour);
  for (let run = 0; run < 3; run += 1) {
    assert.ok((await world.run()).changed > 0);
    await world.look(people(two, 100 * (run + 1)), world.clock.now() - 2 * hour);
    await world.clock.advance(2 * hour);
  }
  const stream = closing(t)(
    await openSqliteStream({ ...temporaryFile(t), clock: manualClock({ flowing: true }), holder: processHolder('law'), log: silentLog() }),
  );
  const books = { state: world.state, clock: world.clock, stream, random: seededRandom(1) };
  const run = (statement: string) => world.state.write((queries) => sql.raw(statement).execute(queries));
  const violations = async () => [
    ...(await pricesLaw.check(books, 'all')).violations,
    ...(await accessesLaw.check(books, 'all')).violations,
  ];
  return { ...world, sql: run, violations };
}
