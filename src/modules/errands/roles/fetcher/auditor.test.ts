/** The auditor on real pages: one that stands still, one that changes by itself, one that fails. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { realClock } from '#house/real-clock.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { readFetched } from '../../completion/page-readings.ts';
import { openFetch } from '../../engines/fetch/http-fetch.ts';
import { openReader } from '../../engines/reader/threaded-reader.ts';
import { type ErrandsWorld, openErrandsWorld, settleMs } from '../../testing/errands-world.ts';
import { portOf } from '../../testing/ports.ts';
import { Auditor } from './auditor.ts';

const truth = 'Tea\n3 coins';

async function openMarket(t: TestContext) {
  let clicks = 0;
  const server = createServer((request, response) => {
    clicks += 1;
    if (request.url === '/fails') response.statusCode = 503;
    response.setHeader('content-type', 'text/plain');
    response.end(request.url === '/ticks' ? `${truth}\n${clicks}` : truth);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${portOf(server)}`;
  const world = await openErrandsWorld(await temporaryState(t), { audits: true });
  const reader = openReader({ clock: realClock });
  const fetch = openFetch({ clock: realClock, rules: { allow: [host] } });
  const ports = { state: world.state, clock: world.clock, random: world.ports.random, log: world.ports.log, metrics: silentMetrics() };
  const lake = { read: () => assert.fail('small pages are kept in the State') } as never;
  const auditor = new Auditor({ ports: { ...ports, lake }, fetch, reader, fail: assert.fail });
  t.after(async () => {
    await auditor.stop();
    await reader.close();
    await fetch.close();
    server.close();
  });
  await world.customer('ada', 100);
  /** A miner answers to a run of its own order. */
  async function answer(miner: string, path: string, text: string): Promise<string> {
    await world.miner(miner);
    const order = await world.order('ada', 1, { address: `http://${host}${path}` });
    await world.runs(order, 1);
    const { contentKey } = await readFetched(reader, { body: Buffer.from(text), contentType: 'text/plain', status: 200 }, null);
    await world.answer(miner, await world.claim(miner), { page: { contentKey, body: gzipSync(text) } });
    return order;
  }
  return { world, answer };
}

const outcomeOf = async (world: ErrandsWorld, order: string) => (await world.results(order))[0]?.outcome;

it('finds what no page said, and pays for the rest', { timeout: 60_000 }, async (t) => {
  const { world, answer } = await openMarket(t);
  const orders = {
    honest: await answer('ben', '/stands', truth),
    altered: await answer('cleo', '/stands', 'Tea\n2 coins'),
    empty: await answer('dora', '/ticks', ''),
    changed: await answer('eve', '/ticks', `${truth}\n-7`),
    alteredToo: await answer('finn', '/ticks', 'Tea\n2 coins\n-7'),
    failing: await answer('gus', '/fails', truth),
  };
  await until(
    async () => {
      await world.clock.advance(20_000);
      await world.settle();
      const paid = await Promise.all(['ben', 'eve', 'gus'].map((miner) => world.coinsOf(miner)));
      return paid.every((coins) => coins === 1);
    },
    { describe: 'honest answers are paid' },
  );
  await world.clock.advance(settleMs);
  await world.settle();
  const outcomes = await Promise.all(Object.entries(orders).map(async ([name, order]) => [name, await outcomeOf(world, order)]));
  assert.deepEqual(Object.fromEntries(outcomes), {
    honest: 'delivered',
    altered: 'withdrawn',
    empty: 'withdrawn',
    changed: 'delivered',
    alteredToo: 'withdrawn',
    failing: 'delivered',
  });
  const coins = await Promise.all(['cleo', 'dora', 'finn'].map((miner) => world.coinsOf(miner)));
  assert.deepEqual(coins, [0, 0, 0]);
});
