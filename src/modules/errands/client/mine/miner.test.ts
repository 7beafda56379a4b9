/** A miner against real desks and a real site. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { until } from '#testkit/until.ts';
import { leaseMs } from '../../domain/orders.ts';
import { openFetch } from '../../engines/fetch/http-fetch.ts';
import { openDeskHouse, openSite, type TestDesk } from '../../testing/desk-house.ts';
import { clientClock } from './client-clock.ts';
import { openDeskLink } from './desk-link.ts';
import { Miner } from './miner.ts';

async function open(t: TestContext, runs: number, answer?: (path: string) => string | Promise<string>, atOnce?: number) {
  const house = await openDeskHouse(t, { atOnce });
  const site = await openSite(t, answer);
  await house.world.customer('ada', 5_000);
  await house.world.miner('ben');
  const order = await house.world.order('ada', runs, { address: `http://${site.host}/prices`, host: site.host });
  await house.world.runs(order, runs);
  return { world: house.world, order, site, openDesk: house.desk };
}

function startMiner(t: TestContext, desks: readonly TestDesk[], host: string, { as = 'ben', concurrency = 8 } = {}) {
  const told: string[] = [];
  const stopping = new AbortController();
  const fetch = openFetch({ clock: clientClock, rules: { allow: [host] } });
  const access = { addresses: desks.map(({ url }) => url), token: `kontor_pat_${as}` };
  const link = openDeskLink(access, { onOpen: () => told.push(`open ${link.address()}`), onBroken: (why) => told.push(why) });
  const miner = new Miner({ link, fetch, clock: clientClock, machine: 'test', concurrency, onRefused: (why) => told.push(why) });
  const running = miner.run(stopping.signal).finally(async () => {
    link.close();
    await fetch.close();
  });
  const stop = () => {
    stopping.abort();
    return running;
  };
  t.after(() => stop().catch(() => {}));
  return { told, miner, running, stop };
}

describe('a miner', () => {
  it('fetches all that is due, a page each, and ends when it is told to', async (t) => {
    const { world, order, site, openDesk } = await open(t, 200);
    const { miner, stop } = startMiner(t, [await openDesk()], site.host);
    await until(async () => (await world.orderRow(order)).results === 200, { describe: 'all results' });
    await stop();
    assert.equal(site.asked.length, 200);
    assert.match(miner.summary(), /^200 pages accepted/);
    assert.deepEqual(await world.violations(), []);
  });

  it('never asks a slow host for more pages at once than its limit, with others at other desks', async (t) => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const { world, order, site, openDesk } = await open(
      t,
      12,
      async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        await promise;
        return 'at last';
      },
      3,
    );
    await world.miner('cleo');
    const desks = [await openDesk(), await openDesk()];
    for (const [index, as] of ['ben', 'cleo', 'ben', 'cleo'].entries()) startMiner(t, desks.slice(index % 2), site.host, { as });
    const slowly = async () => {
      await world.clock.advance(250);
      // The host answers one page at a time, and only when it has as many to do as it gets.
      if (waiting.length === 3 || site.asked.length >= 10) waiting.shift()?.();
      return (await world.orderRow(order)).results === 12;
    };
    await until(slowly, { describe: () => `12 results; ${site.asked.length} pages were asked for` });
    assert.deepEqual([most, site.asked.length], [3, 12]);
    assert.deepEqual(await world.violations(), []);
  });

  it('gives back what it has not begun, and what takes too long is with others at once', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { world, order, site, openDesk } = await open(t, 12, async () => {
      await gate.promise;
      return 'late';
    });
    const { stop } = startMiner(t, [await openDesk()], site.host, { concurrency: 4 });
    await until(() => site.asked.length === 4, { describe: 'four pages under way' });
    const ending = stop();
    await until(async () => (await world.claim('cleo', 100)).length > 0, { describe: 'what was given back' });
    gate.resolve();
    await ending;
    assert.equal((await world.orderRow(order)).results, 4, 'what it was fetching is answered');
    assert.deepEqual(await world.violations(), []);
  });

  it('goes to another desk when one ends, and loses nothing', async (t) => {
    const { world, order, site, openDesk } = await open(t, 400);
    const desks = [await openDesk(), await openDesk()];
    const { told, stop } = startMiner(t, desks, site.host);
    await until(async () => (await world.orderRow(order)).results >= 100, { describe: 'the first results' });
    await desks[0]?.stop();
    // What the first desk had handed out when it ended comes back when its leases end, long before runs fail.
    await world.clock.advance(leaseMs);
    await until(async () => (await world.orderRow(order)).results === 400, { describe: 'all results' });
    await stop();
    assert.ok(told.includes(`open ${desks[1]?.url}`), told.join('\n'));
    assert.deepEqual(await world.violations(), []);
  });

  it('says why pages could not be fetched, and is told when nobody may mine with its token', async (t) => {
    const { world, order, site, openDesk } = await open(t, 1);
    const { stop } = startMiner(t, [await openDesk()], 'elsewhere:1');
    await until(async () => (await world.waiting()) === 1 && (await failureOf(world, order)) === 'port_not_allowed', {
      describe: 'the failure',
    });
    await stop();
    const refused = startMiner(t, [await openDesk()], site.host, { as: 'reader' });
    await assert.rejects(refused.running, /scope write/);
  });
});

async function failureOf(world: Awaited<ReturnType<typeof open>>['world'], order: string): Promise<string | null> {
  const { queueTables } = await import('../../store/queue/tables.ts');
  const row = await world.state.read((queries) =>
    queueTables(queries).selectFrom('errands_run').select('failure').where('order_id', '=', order).executeTakeFirst(),
  );
  return row?.failure ?? null;
}
