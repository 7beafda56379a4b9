/** How days are kept on every State: old results go, pages stay as long as a result needs them, and days are made ahead. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { dayMs } from '../../domain/days.ts';
import { keepDays } from '../../store/results/days.ts';
import { readPages } from '../../store/results/feed.ts';
import { deliver, lakeInMemory } from '../delivery-world.ts';
import { openErrandsWorld } from '../errands-world.ts';

export interface DaysContract {
  open(t: TestContext): Promise<State>;
}

export function daysContract(name: string, contract: DaysContract): void {
  async function open(t: TestContext) {
    const world = await openErrandsWorld(await contract.open(t));
    await world.customer('anna', 1_000);
    const lake = lakeInMemory();
    const keep = async () => {
      while (await keepDays({ ...world.ports, lake }, 30));
    };
    return { world, lake, keep };
  }
  const large = (seed: number) => Array.from({ length: 4_000 }, (_, index) => (index * seed) % 104_729).join(' ');

  describe(`days: ${name}`, () => {
    it('removes old results and their pages, and keeps those that are needed', async (t) => {
      const { world, lake, keep } = await open(t);
      const [busy, quiet] = [await world.order('anna', 50), await world.order('anna', 50)];
      await keep();
      await deliver(world, busy, [{ page: large(7_919) }], lake);
      await deliver(world, quiet, [{ page: 'always the same' }, { page: 'always the same' }], lake);
      await world.settle();
      await world.clock.advance(dayMs);
      await world.settle();
      await deliver(world, busy, [{ page: large(7_907) }], lake);
      await deliver(world, quiet, [{ page: 'always the same' }], lake);
      assert.equal(lake.files.size, 2);
      await world.clock.advance(dayMs);
      await world.settle();
      await keep();
      assert.deepEqual(
        (await world.results(busy)).map(({ number }) => number),
        [1, 2],
        'nothing is old yet',
      );

      await world.clock.advance(29 * dayMs);
      await keep();
      assert.deepEqual(
        (await world.results(busy)).map(({ number }) => number),
        [2],
      );
      const [kept] = await world.results(quiet);
      assert.equal(kept?.number, 3);
      const pages = await world.state.read((queries) => readPages(queries, [{ feed: 9, order: quiet, number: 3 }]));
      assert.equal(pages.get(9)?.number, 3, 'the page moved on to the result that is kept');

      await world.clock.advance(dayMs);
      await keep();
      assert.equal(lake.files.size, 1);
      await world.clock.advance(2 * dayMs);
      await keep();
      assert.deepEqual([lake.files.size, await world.results(busy), await world.answers(busy)], [0, [], []]);
    });

    it('keeps days of answers that are not settled', async (t) => {
      const { world, keep } = await open(t);
      const order = await world.order('anna', 5);
      await keep();
      await deliver(world, order, [{ page: 'a' }]);
      await world.clock.advance(60 * dayMs);
      await keep();
      assert.equal((await world.answers(order)).length, 1);
      await world.settle();
      await keep();
      assert.equal((await world.answers(order)).length, 0);
    });

    it('makes days ahead, by several instances at once', async (t) => {
      const { world, keep } = await open(t);
      const order = await world.order('anna', 5);
      // Of a day that has no partition yet.
      await deliver(world, order, [{ page: 'a' }]);
      await world.settle();
      await Promise.all([keep(), keep(), keep()]);
      await world.clock.advance(dayMs);
      await deliver(world, order, [{ page: 'b' }]);
      const rows = await world.state.read(async (queries) =>
        dialectOf(queries) === 'sqlite'
          ? undefined
          : (await sql<{ place: string }>`select tableoid::regclass::text as place from errands_result order by number`.execute(queries))
              .rows,
      );
      assert.ok(rows === undefined || (rows[0]?.place === 'errands_result_rest' && /^errands_result_\d{8}$/.test(rows[1]?.place ?? '')));
      await world.clock.advance(40 * dayMs);
      await world.settle();
      await keep();
      assert.deepEqual(await world.results(order), []);
    });
  });
}
