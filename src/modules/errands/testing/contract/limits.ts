/** Limits hold however many ask at the same moment, at any instance: on every State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { failMs, leaseMs } from '../../domain/orders.ts';
import { forgetPreviews, takePreviewTurn } from '../../store/hosts/previews.ts';
import { admitRuns } from '../../store/hosts/visits.ts';
import { changeOrder } from '../../store/orders/change.ts';
import { cancelOrder } from '../../store/orders/steps.ts';
import { claimRuns } from '../../store/queue/claim.ts';
import { openErrandsWorld } from '../errands-world.ts';
import { openOrdersWorld, termsFrom } from '../orders-world.ts';

interface Engine {
  open(t: TestContext): Promise<State>;
}

export function limitsContract(name: string, engine: Engine): void {
  instruments(name, engine);
  previews(name, engine);
  visits(name, engine);
}

const names = ['anna', 'ben', 'cleo', 'dora'];
const instrument = 'ERRANDS.TEA';

function instruments(name: string, engine: Engine): void {
  describe(`an instrument: ${name}`, () => {
    it('goes to one of many who order it at the same moment; the others are refused, and keep their coins', async (t) => {
      const world = await openOrdersWorld(await engine.open(t));
      for (const customer of names) await world.customer(customer, 100);
      const wish = [termsFrom(world.clock.now(), { instrument })];
      const answers = await Promise.all(names.map((customer) => world.place(customer, wish)));
      const refused = answers.filter(({ outcome }) => outcome !== 'ordered');
      assert.deepEqual(refused, Array(3).fill({ outcome: 'instrument-taken', instrument }));
      const coins = await Promise.all(names.map((customer) => world.coinsOf(customer)));
      assert.deepEqual(coins.toSorted(), [100, 100, 100, 90]);
      assert.deepEqual(await world.violations(), []);
    });

    it('goes to one of many who change their orders to it, and is free again when its order is cancelled', async (t) => {
      const world = await openOrdersWorld(await engine.open(t));
      const orders: { id: string; accountId: string }[] = [];
      for (const accountId of names) {
        await world.customer(accountId, 100);
        orders.push({ accountId, id: await world.order(accountId) });
      }
      const terms = termsFrom(world.clock.now(), { instrument });
      const take = () =>
        Promise.all(orders.map((order) => world.state.write((queries) => changeOrder(queries, { ...order, terms }, world.context()))));
      const taker = (await take()).findIndex(({ outcome }) => outcome === 'done');
      const outcomes = await take();
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome).filter((_, index) => index !== taker),
        Array(3).fill('instrument-taken'),
      );
      assert.equal(outcomes[taker]?.outcome, 'done', 'it may keep it');
      const [order] = orders.splice(taker, 1);
      await world.state.write((queries) => cancelOrder(queries, order ?? assert.fail(), world.context()));
      assert.equal((await take()).filter(({ outcome }) => outcome === 'done').length, 1);
      assert.deepEqual(await world.violations(), []);
    });
  });
}

function previews(name: string, engine: Engine): void {
  describe(`test fetches: ${name}`, () => {
    it('are so many for an account and for a host, however many ask at the same moment', async (t) => {
      const { state, clock } = await openOrdersWorld(await engine.open(t));
      const now = clock.now();
      const ask = (accountId: string, host: string, at = now) =>
        state.write((queries) => takePreviewTurn(queries, { accountId, host }, at));
      const often = await Promise.all(Array.from({ length: 15 }, (_, index) => ask('anna', `${index}.example`)));
      assert.deepEqual(
        often.filter(({ outcome }) => outcome !== 'now'),
        Array(5).fill({ outcome: 'account', waitMs: 6_000 }),
      );
      assert.deepEqual(await ask('anna', 'a.example', now + 5_999), { outcome: 'account', waitMs: 1 });
      assert.deepEqual(await ask('anna', 'a.example', now + 6_000), { outcome: 'now' });
      const many = await Promise.all(Array.from({ length: 25 }, (_, index) => ask(`guest ${index}`, 'b.example')));
      assert.deepEqual(
        many.filter(({ outcome }) => outcome !== 'now'),
        Array(5).fill({ outcome: 'host', waitMs: 3_000 }),
      );
      const later = now + 3_600_000;
      assert.ok((await state.write((queries) => forgetPreviews(queries, later, 100))) > 25);
      assert.equal(await state.write((queries) => forgetPreviews(queries, later, 100)), 0);
    });
  });
}

function visits(name: string, engine: Engine): void {
  describe(`runs under way at a host: ${name}`, () => {
    it('are so many, however many miners claim at the same moment; the others are handed back', async (t) => {
      const world = await openErrandsWorld(await engine.open(t));
      await world.customer('ada', 1_000);
      const miners = ['ben', 'cleo', 'dora', 'emil'];
      for (const miner of miners) await world.miner(miner);
      const order = await world.order('ada', 40);
      await world.runs(order, 40);
      const { state, clock, ports } = world;
      const claim = (accountId: string, allowed: readonly string[] = []) =>
        state.write(async (queries) => {
          const now = clock.now();
          const asked = { miner: { accountId, network: `${accountId}.0/24` }, limit: 10, now, random: ports.random };
          return admitRuns(queries, await claimRuns(queries, asked), { allowed, atOnce: 3 }, now);
        });
      const claimAll = async () =>
        (await Promise.all(miners.map((miner) => claim(miner)))).map((runs, index) => ({ runs, miner: miners[index] ?? '' }));
      const countOf = (claims: Awaited<ReturnType<typeof claimAll>>) => claims.reduce((sum, { runs }) => sum + runs.length, 0);
      const held = await claimAll();
      assert.equal(countOf(held), 3);
      await clock.advance(1_000);
      assert.equal(countOf(await claimAll()), 0, 'all places are taken');
      assert.equal(await world.waiting(), 40);

      // A place is free when its run is answered, or its lease over.
      const [first, ...others] = held.flatMap(({ runs, miner }) => runs.map((run) => ({ run, miner })));
      await world.answer(first?.miner ?? '', [first?.run ?? assert.fail()]);
      await clock.advance(1_000);
      const next = await claimAll();
      assert.equal(countOf(next), 1);
      await clock.advance(leaseMs);
      const late = await Promise.all(others.map(({ run, miner }) => world.answer(miner, [run])));
      assert.deepEqual(new Set(late.flat().map(({ outcome }) => outcome)), new Set(['accepted']), 'nobody else had them meanwhile');
      assert.equal(countOf(await claimAll()), 3);
      await clock.advance(1_000);
      const [run] = await claim('ben', ['example.org']);
      assert.equal(run?.attempt, 1, 'what is handed back was not tried; and a host of the house’s own has no limit');
      await clock.advance(failMs);
      await world.failOverdue();
      assert.deepEqual(await world.violations(), []);
    });
  });
}
