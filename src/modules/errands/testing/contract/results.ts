/** What customers read of their results on every State: lists, texts, pages, differences, numbers and latencies. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { readFigures } from '../../store/market/figures.ts';
import { addMachines } from '../../store/trust/machines.ts';
import { deliver, lakeInMemory, startResultsInstance, withdraw } from '../delivery-world.ts';
import { openErrandsWorld } from '../errands-world.ts';

export interface ResultsContract {
  open(t: TestContext): Promise<State>;
}

export function resultsContract(name: string, contract: ResultsContract): void {
  const open = async (t: TestContext) => {
    const world = await openErrandsWorld(await contract.open(t));
    const lake = lakeInMemory();
    await world.customer('anna', 1_000);
    const order = await world.order('anna', 100);
    const server = await startResultsInstance(t, world.ports, lake);
    const ask = (path: string, as = 'anna', headers: Record<string, string> = {}) =>
      server.send(`/api/errands${path}`, { headers: { authorization: `Bearer kontor_pat_${as}`, ...headers } });
    return { world, lake, order, ask };
  };
  const numbersIn = ({ results }: { results: readonly { number: number }[] }) => results.map(({ number }) => number);

  describe(`results: ${name}`, () => {
    it('lists them newest first, in pages, and those that changed or failed', async (t) => {
      const { world, order, ask } = await open(t);
      await deliver(world, order, [{ page: 'a' }, { page: 'a' }, { page: 'b' }]);
      await world.runs(order, 1);
      await world.clock.advance(120_000);
      await world.failOverdue();
      const first = (await ask(`/orders/${order}/results?limit=3`)).json();
      assert.deepEqual(numbersIn(first), [4, 3, 2]);
      assert.deepEqual(numbersIn((await ask(`/orders/${order}/results?limit=3&after=${first.next}`)).json()), [1]);
      assert.deepEqual(numbersIn((await ask(`/orders/${order}/results?only=changed`)).json()), [3, 1]);
      assert.deepEqual(numbersIn((await ask('/results?only=failed')).json()), [4]);
      await world.customer('bert', 0);
      assert.equal((await ask(`/orders/${order}/results`, 'bert')).status, 404);
      assert.deepEqual((await ask('/results', 'bert')).json().results, []);
    });

    it('shows one with its text, and what changed before it', async (t) => {
      const { world, order, ask } = await open(t);
      const page = (price: number) => ({ page: `<html><body><h1>Tea</h1><p>price ${price}</p><script>bad()</script></body></html>` });
      await deliver(world, order, [page(7), page(8), page(8)]);
      const shown = (await ask(`/orders/${order}/results/3`)).json();
      assert.deepEqual([shown.text, shown.changed, shown.pageOf, shown.miner], ['Tea\nprice 8', false, 2, null]);
      const { before, of, difference } = (await ask(`/orders/${order}/results/3/difference`)).json();
      assert.deepEqual([before, of, difference.added, difference.removed], [1, 'text', 1, 1]);
      assert.equal((await ask(`/orders/${order}/results/1/difference`)).json().before, null);
      assert.equal((await ask(`/orders/${order}/results/9`)).json().reason.name, 'no-result');
      assert.equal((await ask(`/orders/${order}/results/1`, 'bert')).status, 404);
    });

    it('tells what is withdrawn, and by which notice', async (t) => {
      const { world, order, ask } = await open(t);
      await deliver(world, order, [{ page: 'a lie' }, { page: 'b' }]);
      await withdraw(world, order, [1]);
      const shown = (await ask(`/orders/${order}/results`)).json().results;
      assert.deepEqual(
        shown.map(({ number, outcome, withdraws, reason }: { [name: string]: unknown }) => [number, outcome, withdraws, reason]),
        [
          [3, 'withdrawn', 1, 'lie'],
          [2, 'delivered', null, null],
          [1, 'withdrawn', null, 'lie'],
        ],
      );
      assert.deepEqual(numbersIn((await ask(`/orders/${order}/results?only=changed`)).json()), [2, 1]);
      const notice = (await ask(`/orders/${order}/results/3`)).json();
      assert.deepEqual([notice.withdraws, notice.text, notice.pageOf], [1, null, null]);
      assert.equal((await ask(`/latency?order=${order}`)).json().failed, 1, 'it is one run');
      const forget = (number: number) =>
        world.state.write((queries) => sql`delete from errands_result where number = ${number}`.execute(queries));
      await forget(3);
      assert.match((await world.violations('errands-2')).join('\n'), /it is withdrawn, and its customer is not told/);
    });

    it('gives the page as a file that no browser shows, from the lake where it is large', async (t) => {
      const { world, lake, order, ask } = await open(t);
      const large = Array.from({ length: 4_000 }, (_, index) => (index * 7_919) % 104_729).join(' ');
      await deliver(world, order, [{ page: '<script>alert(1)</script>' }, { page: large }], lake);
      assert.equal(lake.files.size, 1);
      const small = await ask(`/orders/${order}/results/1/page`);
      assert.equal(small.text, '<script>alert(1)</script>');
      assert.equal(small.headers['content-type'], 'application/octet-stream');
      assert.equal(small.headers['content-disposition'], `attachment; filename="${order}-1"`);
      assert.equal(small.headers['content-security-policy'], "sandbox; default-src 'none'");
      assert.equal(small.headers['x-content-type-options'], 'nosniff');
      assert.equal((await ask(`/orders/${order}/results/2/page`)).text, large);
      const packed = await ask(`/orders/${order}/results/2/page`, 'anna', { 'accept-encoding': 'gzip' });
      assert.equal(gunzipSync(packed.bytes).toString(), large);
      lake.files.clear();
      assert.equal((await ask(`/orders/${order}/results/2/page`)).json().reason.name, 'no-page');
    });

    it('hold by the law when old days are removed, however rarely an order is due', async (t) => {
      const { world, order } = await open(t);
      const dayMs = 24 * 3_600_000;
      const often = await world.order('anna', 10);
      await deliver(world, order, [{ page: 'a' }]);
      const day = Math.floor(world.clock.now() / dayMs);
      for (const inDays of [1, 1, 5]) {
        await world.clock.advance(inDays * dayMs);
        await deliver(world, often, [{ page: 'often' }]);
      }
      await deliver(world, order, [{ page: 'a week later' }]);
      await world.state.write((queries) => sql`delete from errands_result where day = ${day}`.execute(queries));
      const ofNumbers = (await world.violations('errands-2')).filter((found) => /none before it/.test(found));
      assert.deepEqual(ofNumbers, []);
    });

    it('counts what the market does at present', async (t) => {
      const { world, order } = await open(t);
      const { state, clock } = world;
      const figures = () => state.read((queries) => readFigures(queries, clock.now()));
      const nothing = { waiting: 0, oldestDueAt: null, active: 0, miners: 0, machines: 0, concurrency: 0, delivered: 0, latencies: [] };
      assert.deepEqual(await figures(), nothing);
      await deliver(world, order, [{ page: 'a' }, { page: 'b' }]);
      await withdraw(world, order, [2]);
      await world.runs(order, 3, { everyMs: 1_000 });
      const dueAt = clock.now();
      await state.write((queries) => sql`update errands_order set next_at = ${dueAt} where id = ${order}`.execute(queries));
      const machine = { version: '1', network: '10.0.0.0/24', concurrency: 8, pages: 1, failures: 0, at: dueAt };
      const machines = ['attic', 'cellar'].map((name) => Object.assign({ accountId: 'ben', name }, machine));
      await state.write((queries) => addMachines(queries, machines));
      await clock.advance(500);
      const { latencies, ...counts } = await figures();
      assert.deepEqual(counts, { waiting: 1, oldestDueAt: dueAt, active: 1, miners: 1, machines: 2, concurrency: 16, delivered: 1 });
      assert.deepEqual(latencies, [1]);
      await clock.advance(61_000);
      assert.deepEqual((await figures()).machines, 0, 'who was not heard of for a minute has gone');
    });

    it('puts numbers together for charts, and counts latencies', async (t) => {
      const { world, order, ask } = await open(t);
      for (const value of [3, 9, 5]) await deliver(world, order, [{ page: `p ${value}`, value: `${value}`, micros: value * 1_000_000 }]);
      const { points } = (await ask(`/orders/${order}/series?days=1&points=2`)).json();
      assert.deepEqual(points, [{ at: world.clock.now(), low: 3_000_000, high: 9_000_000, last: 5_000_000 }]);
      await world.runs(order, 1);
      await world.clock.advance(1_500);
      await world.answer('house', await world.claimForHouse(1, true));
      const latency = (await ask(`/latency?order=${order}`)).json();
      assert.deepEqual(latency, { promiseMs: 120_000, results: 4, p50: 0, p99: 1_500, worst: 1_500, failed: 0 });
    });
  });
}
