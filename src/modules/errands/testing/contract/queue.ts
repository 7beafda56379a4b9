/** What the queue of errands must do on every State: each run is accepted once and paid once, or refunded, whatever miners do. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { houseMiner, leaseOf } from '../../domain/leases.ts';
import { copyText, failMs, leaseMs } from '../../domain/orders.ts';
import { escrowAccount, revenueAccount } from '../../domain/settings.ts';
import { completeRuns } from '../../store/queue/complete.ts';
import { extendLeases, releaseLeases } from '../../store/queue/leases.ts';
import { addRuns } from '../../store/queue/make.ts';
import { answerTo, type ErrandsWorld, openErrandsWorld, settleMs } from '../errands-world.ts';

export interface QueueContract {
  open(t: TestContext): Promise<State>;
}

interface Market {
  readonly world: ErrandsWorld;
  readonly order: string;
}

export function queueContract(name: string, contract: QueueContract): void {
  /** Ada orders so many repetitions, which are due; Ben and Cleo mine. */
  const open = async (t: TestContext, runs: number, { copies = 1 }: { copies?: number } = {}): Promise<Market> => {
    const world = await openErrandsWorld(await contract.open(t));
    await world.customer('ada', 1_000);
    for (const miner of ['ben', 'cleo', 'dora']) await world.miner(miner);
    const order = await world.order('ada', runs, { copies });
    await world.runs(order, runs);
    return { world, order };
  };

  claiming(name, open);
  completing(name, open);
  failing(name, open);
  copying(name, open);
}

type Open = (t: TestContext, runs: number, wish?: { copies?: number }) => Promise<Market>;

function claiming(name: string, open: Open): void {
  describe(`claiming runs: ${name}`, () => {
    it('gives each run to one of many who claim at once, the oldest first', async (t) => {
      const { world, order } = await open(t, 40);
      await world.runs(order, 1, { inMs: 60_000 }).catch(() => {});
      const claims = await Promise.all(['ben', 'cleo', 'dora', 'ben'].map((miner) => world.claim(miner, 15)));
      const leases = claims.flat().map(({ lease }) => lease);
      assert.equal(new Set(leases).size, leases.length);
      assert.ok(leases.length >= 15 && leases.length <= 40, `${leases.length}`);
      const rest = await world.claim('cleo', 100);
      assert.equal(leases.length + rest.length, 40, 'what others were claiming is there afterwards, and what is not due is not');
      assert.deepEqual(await world.claim('ben'), []);
    });

    it('tells what to fetch, and until when', async (t) => {
      const { world, order } = await open(t, 1);
      const [run, ...more] = await world.claim('ben');
      assert.equal(more.length, 0);
      const { lease, ...told } = run ?? assert.fail();
      assert.match(lease, /^KE-0000-0000-0001\/1\/1\/1\/[0-9a-f]{32}$/);
      const now = world.clock.now();
      const what = { orderId: order, address: 'http://example.org/', method: 'GET', headers: {} };
      assert.deepEqual(told, { ...what, dueAt: now, endsAt: now + leaseMs, attempt: 1 });
    });

    it('adds a run that was made before no second time', async (t) => {
      const { world, order } = await open(t, 2);
      const now = world.clock.now();
      const run = { orderId: order, generation: 1, slot: 2, accountId: 'ada', copies: 1, dueAt: now, visibleAt: now };
      await world.state.write((queries) => addRuns(queries, [run, run]));
      assert.equal(await world.waiting(), 2);
    });

    it('gives nobody runs of his own orders, and a miner who is shut out nothing', async (t) => {
      const { world } = await open(t, 3);
      assert.deepEqual(await world.claim('ada'), []);
      await world.state.write((queries) => sql`update errands_miner set state = 'shut-out' where account_id = 'ben'`.execute(queries));
      assert.deepEqual(await world.claim('ben'), []);
      assert.equal((await world.claim('cleo')).length, 3);
    });

    it('gives a run again when its lease ends, and the third time only to the house', async (t) => {
      const { world } = await open(t, 1);
      assert.equal((await world.claim('ben')).length, 1);
      await world.clock.advance(leaseMs - 1);
      assert.equal((await world.claim('cleo')).length, 0);
      await world.clock.advance(1);
      assert.equal((await world.claim('cleo'))[0]?.attempt, 2);
      await world.clock.advance(leaseMs);
      assert.equal((await world.claim('dora')).length, 0);
      assert.equal((await world.claimForHouse())[0]?.attempt, 3);
    });

    it('lets the house take what miners left, and everything where it fetches like them', async (t) => {
      const { world } = await open(t, 2);
      assert.equal((await world.claimForHouse()).length, 0);
      assert.equal((await world.claimForHouse(1, true)).length, 1);
      await world.clock.advance(30_000);
      assert.equal((await world.claimForHouse(1)).length, 1);
    });

    it('extends a lease for its holder only, and never so long that the house has no time', async (t) => {
      const { world } = await open(t, 2);
      const leases = (await world.claim('ben')).map(({ lease }) => leaseOf(lease) ?? assert.fail());
      const extend = (miner: string) => world.state.write((queries) => extendLeases(queries, miner, leases, world.clock.now()));
      const startedAt = world.clock.now();
      await world.clock.advance(20_000);
      assert.equal((await extend('cleo')).size, 0);
      assert.deepEqual([...(await extend('ben')).values()], [startedAt + 50_000, startedAt + 50_000]);
      assert.equal((await world.claim('cleo')).length, 0);
      for (let beat = 0; beat < 5; beat += 1) {
        await world.clock.advance(20_000);
        if (beat < 4) await extend('ben');
      }
      assert.equal((await world.claimForHouse()).length, 0, 'at the end it is too late');
      assert.deepEqual([...(await extend('ben')).values()], [startedAt + failMs - 30_000, startedAt + failMs - 30_000]);
    });

    it('takes back what a miner releases, for others at once', async (t) => {
      const { world } = await open(t, 2);
      const runs = await world.claim('ben');
      const leases = runs.map(({ lease }) => leaseOf(lease) ?? assert.fail());
      const release = (miner: string) => world.state.write((queries) => releaseLeases(queries, miner, leases, world.clock.now()));
      assert.equal((await release('cleo')).size, 0);
      assert.equal((await release('ben')).size, 2);
      assert.equal((await release('ben')).size, 0);
      assert.deepEqual(await world.answer('ben', runs.slice(0, 1)), [{ outcome: 'refused', reason: 'late' }]);
      assert.equal((await world.claim('cleo')).length, 2);
    });
  });
}

function completing(name: string, open: Open): void {
  describe(`completing runs: ${name}`, () => {
    it('stores a result for each page, and pays for it later, once', async (t) => {
      const { world, order } = await open(t, 5);
      const runs = await world.claim('ben');
      assert.deepEqual(await world.answer('ben', runs), Array(5).fill({ outcome: 'accepted' }));
      const results = await world.results(order);
      assert.deepEqual(
        results.map(({ number, feed, outcome, miner_id, changed }) => [number, feed, outcome, miner_id, changed]),
        [1, 2, 3, 4, 5].map((number) => [number, number, 'delivered', 'ben', number === 1 ? 1 : 0]),
      );
      assert.equal(Buffer.from(results[0]?.body ?? []).toString(), 'a page');
      assert.equal(results[1]?.body, null, 'what did not change is kept once');
      assert.equal(await world.settle(), 0);
      await world.clock.advance(settleMs);
      assert.deepEqual((await Promise.all([world.settle(), world.settle()])).sort(), [0, 5]);
      assert.deepEqual([await world.coinsOf('ben'), await world.coinsOf(escrowAccount)], [5, 0]);
      assert.equal(new Set((await world.answers(order)).map(({ settlement }) => settlement)).size, 1, 'one transfer pays all');
      const { earned, open: left, results: counted } = await world.orderRow(order);
      assert.deepEqual([earned, left, counted], [5, 0, 5]);
      assert.deepEqual(await world.violations(), []);
    });

    it('pays the house for what it fetches itself', async (t) => {
      const { world, order } = await open(t, 1);
      assert.deepEqual(await world.answer(houseMiner, await world.claimForHouse(1, true)), [{ outcome: 'accepted' }]);
      assert.equal((await world.results(order))[0]?.miner_id, null);
      await world.clock.advance(settleMs);
      await world.settle();
      assert.equal(await world.coinsOf(revenueAccount), 1);
      assert.deepEqual(await world.violations(), []);
    });

    it('answers the same when an answer comes again, in the same batch, later, and from many at once', async (t) => {
      const { world, order } = await open(t, 3);
      const runs = await world.claim('ben');
      const twice = [...runs, ...runs];
      const answers = await Promise.all([world.answer('ben', twice), world.answer('ben', runs), world.answer('ben', twice)]);
      assert.deepEqual(new Set(answers.flat().map(({ outcome }) => outcome)), new Set(['accepted']));
      assert.deepEqual(await world.answer('ben', runs), Array(3).fill({ outcome: 'accepted' }));
      assert.equal((await world.results(order)).length, 3);
      assert.deepEqual(await world.violations(), []);
    });

    it('takes the page where a batch has a failure of the same run before it, and what a lease of another run brings is late', async (t) => {
      const { world, order } = await open(t, 1);
      const [run] = await world.claim('ben');
      const lease = run?.lease ?? assert.fail();
      const other = lease.replace(/[^/]*$/, 'f'.repeat(32));
      const answers = [answerTo('ben', lease, { failure: 'status-503' }), answerTo('ben', other), answerTo('ben', lease)];
      const { clock, state, ports } = world;
      const outcomes = await completeRuns(state, answers, { now: clock.now(), settleMs, random: ports.random });
      assert.deepEqual(outcomes, [{ outcome: 'accepted' }, late, { outcome: 'accepted' }]);
      assert.deepEqual([(await world.results(order)).length, await world.waiting()], [1, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('refuses answers that are late or to runs of others, and stores nothing of them', async (t) => {
      const { world, order } = await open(t, 2);
      const runs = await world.claim('ben');
      const foreign = Array(2).fill({ outcome: 'refused', reason: 'foreign' });
      assert.deepEqual(await world.answer('cleo', runs), foreign);
      await world.clock.advance(leaseMs);
      const again = await world.claim('cleo', 1);
      const outcomes = await world.answer('ben', runs);
      assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['accepted', 'refused'], 'nobody else has claimed the other one');
      assert.deepEqual(await world.answer('cleo', again), [{ outcome: 'accepted' }]);
      assert.deepEqual(
        await world.answer('cleo', runs),
        foreign.map((one, at) => (outcomes[at]?.outcome === 'accepted' ? one : late)),
      );
      assert.equal((await world.results(order)).length, 2);
      assert.deepEqual(await world.violations(), []);
    });

    it('refuses a lease that was never given', async (t) => {
      const { world, order } = await open(t, 1);
      const [run] = await world.claim('ben');
      const made = { ...(run ?? assert.fail()), lease: `${order}/1/1/1/${'0'.repeat(32)}` };
      const unknown = { ...made, lease: `KE-9999-9999-9999/1/1/1/${'0'.repeat(32)}` };
      assert.deepEqual(await world.answer('ben', [made, unknown]), [late, late]);
    });

    it('gives a failed attempt to others, but not before the next attempt begins', async (t) => {
      const { world } = await open(t, 1);
      const runs = await world.claim('ben');
      assert.deepEqual(await world.answer('ben', runs, { failure: 'status-503' }), [{ outcome: 'noted' }]);
      assert.deepEqual(await world.answer('ben', runs, { failure: 'status-503' }), [{ outcome: 'noted' }]);
      assert.deepEqual(await world.answer('ben', runs), [late]);
      await world.clock.advance(29_999);
      assert.equal((await world.claim('cleo')).length, 0);
      await world.clock.advance(1);
      assert.equal((await world.claim('cleo'))[0]?.attempt, 2);
    });
  });
}

const late = { outcome: 'refused', reason: 'late' };

function failing(name: string, open: Open): void {
  describe(`failing runs: ${name}`, () => {
    it('refunds what nobody fetched in time, once, with the reason, and refuses what comes later', async (t) => {
      const { world, order } = await open(t, 3);
      const runs = await world.claim('ben', 2);
      await world.answer('ben', runs.slice(0, 1), { failure: 'status-503' });
      await world.clock.advance(failMs - 1);
      assert.equal(await world.failOverdue(), 0);
      await world.clock.advance(1);
      assert.deepEqual(await world.answer('ben', runs.slice(1)), [late]);
      assert.deepEqual((await Promise.all([world.failOverdue(), world.failOverdue()])).sort(), [0, 3]);
      const results = await world.results(order);
      assert.deepEqual(results.map(({ outcome, reason }) => `${outcome}: ${reason}`).sort(), [
        'failed: no-answer',
        'failed: not-claimed',
        'failed: status-503',
      ]);
      assert.deepEqual([await world.coinsOf('ada'), await world.coinsOf(escrowAccount)], [1_000, 0]);
      assert.deepEqual(await world.answer('ben', runs), [late, late]);
      const { refunded, open: left } = await world.orderRow(order);
      assert.deepEqual([refunded, left], [3, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('is seen by the law when a payment, a result or a number is gone', async (t) => {
      const { world, order } = await open(t, 3);
      await world.answer('ben', await world.claim('ben'));
      const breaks = [
        sql`update errands_answer set payment = 'paid', settlement = 'none' where slot = 1`,
        sql`update errands_answer set verdict = 'waiting' where slot = 2`,
        sql`update errands_order set results = 4`,
        sql`insert into errands_run (account_id, order_id, generation, slot, copy, copies, due_at, visible_at, fails_at, attempts, audience)
          values ('ada', ${order}, 1, 3, 1, 1, 0, 0, 0, 0, 'anyone')`,
        sql`update errands_result set day = day + 1, number = case when number = 3 then 9 else number end,
          feed = case when number = 3 then 9 else feed end where number >= 2`,
      ];
      let before = 0;
      for (const broken of breaks) {
        await world.state.write((queries) => broken.execute(queries));
        const { length } = await world.violations('errands-2');
        assert.ok(length > before, `${length} violations after ${before}`);
        before = length;
      }
    });
  });
}

function copying(name: string, open: Open): void {
  describe(`runs with several copies: ${name}`, () => {
    it('are fetched by different accounts in different networks', async (t) => {
      const { world } = await open(t, 1, { copies: 3 });
      assert.equal((await world.claim('ben')).length, 1);
      assert.equal((await world.claim('ben')).length, 0);
      assert.equal((await world.claim('cleo', 10, 'ben.0/24')).length, 0);
      const second = await world.claim('cleo');
      assert.equal(second.length, 1);
      await world.answer('cleo', second);
      assert.equal((await world.claim('cleo')).length, 0, 'an answer counts, too');
      assert.equal((await world.claim('dora')).length, 1);
    });

    it('have a result when most agree, and who does not is not paid', async (t) => {
      const { world, order } = await open(t, 1, { copies: 3 });
      const [ben, cleo, dora] = [await world.claim('ben'), await world.claim('cleo'), await world.claim('dora')];
      await world.answer('ben', ben, { text: 'a lie' });
      await world.answer('cleo', cleo);
      assert.equal((await world.results(order)).length, 0);
      await world.answer('dora', dora);
      assert.equal(Buffer.from((await world.results(order))[0]?.body ?? []).toString(), 'a page');
      await world.clock.advance(settleMs);
      assert.equal(await world.settle(), 0, 'what is contested is audited first');
      await world.state.write((queries) => sql`delete from errands_audit`.execute(queries));
      assert.equal(await world.settle(), 2);
      const coins = await Promise.all(['ada', 'ben', 'cleo', 'dora', escrowAccount].map((account) => world.coinsOf(account)));
      assert.deepEqual(coins, [998, 0, 1, 1, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('fail when their answers do not agree, and are refunded whole', async (t) => {
      const { world, order } = await open(t, 2, { copies: 2 });
      const [ben, cleo] = [await world.claim('ben'), await world.claim('cleo')];
      await world.answer('ben', ben, { text: 'one' });
      await world.answer('cleo', cleo.slice(0, 1), { text: 'other' });
      assert.deepEqual(
        (await world.results(order)).map(({ outcome, reason }) => [outcome, reason]),
        [['failed', 'no-majority']],
      );
      await world.clock.advance(failMs);
      assert.equal(await world.failOverdue(), 1);
      assert.deepEqual(
        (await world.results(order)).map(({ reason }) => reason),
        ['no-majority', 'no-majority'],
      );
      assert.equal(await world.coinsOf('ada'), 1_000);
      assert.deepEqual(await world.violations(), []);
    });

    it('take one answer of a miner who claimed two at the same moment', async (t) => {
      const { world, order } = await open(t, 1, { copies: 2 });
      const [first] = await world.claim('ben');
      // As if both claims had been under way at the same time.
      await world.state.write((queries) =>
        sql`update errands_run set miner_id = 'dora', miner_network = null where copy = 1`.execute(queries),
      );
      const [second] = await world.claim('ben');
      await world.state.write((queries) => sql`update errands_run set miner_id = 'ben' where copy = 1`.execute(queries));
      const both = [first ?? assert.fail(), second ?? assert.fail()];
      assert.deepEqual(
        both.map(({ lease }) => copyText(leaseOf(lease) ?? assert.fail())),
        [`${order}/1/1/1`, `${order}/1/1/2`],
      );
      assert.deepEqual(await world.answer('ben', both), [{ outcome: 'accepted' }, { outcome: 'refused', reason: 'same-miner' }]);
    });
  });
}
