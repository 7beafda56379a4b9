/** What trust must do on every State: a miner who lies is found, is not paid, and is shut out, and his customers get their coins back. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { houseMiner } from '../../domain/leases.ts';
import { failMs, leaseMs } from '../../domain/orders.ts';
import { escrowAccount, revenueAccount } from '../../domain/settings.ts';
import { goldCustomer, goldKeepMs, goldPage } from '../../domain/trust/gold.ts';
import { type AuditVerdict, validToTrust } from '../../domain/trust/reputation.ts';
import { leaveErrands } from '../../store/orders/farewell.ts';
import { auditLeaseMs, type ClaimedAudit, claimAudits, postponeAudits } from '../../store/trust/audits.ts';
import { clearShutOut, decideAudits } from '../../store/trust/decide.ts';
import { findNonce, forgetGold, makeGoldRun, wantsGold } from '../../store/trust/gold-runs.ts';
import { addMachines } from '../../store/trust/machines.ts';
import { type MinerRow, trustTables } from '../../store/trust/tables.ts';
import { type ErrandsWorld, openErrandsWorld, settleMs } from '../errands-world.ts';

export interface TrustContract {
  open(t: TestContext): Promise<State>;
}

interface Market {
  readonly world: ErrandsWorld;
  readonly order: string;
  claimAudits(limit?: number): Promise<readonly ClaimedAudit[]>;
  /** Claims all audits, and finds this for each, or for each by its miner. */
  audit(found: AuditVerdict | ((audit: ClaimedAudit) => AuditVerdict)): Promise<ReadonlySet<string>>;
  miner(name: string): Promise<MinerRow>;
  coins(...names: string[]): Promise<readonly number[]>;
  clear(limit?: number): Promise<void>;
}

export function trustContract(name: string, contract: TrustContract): void {
  /** Ada orders so many repetitions, which are due; Ben, Cleo and Dora mine. */
  const open = async (t: TestContext, runs: number, { copies = 1 }: { copies?: number } = {}): Promise<Market> => {
    const world = await openErrandsWorld(await contract.open(t), { audits: true });
    const { state, clock, ports } = world;
    await world.customer('ada', 1_000);
    for (const miner of ['ben', 'cleo', 'dora']) await world.miner(miner);
    const order = await world.order('ada', runs, { copies });
    await world.runs(order, runs);
    const claim = (limit = 100) => state.write((queries) => claimAudits(queries, { limit, now: clock.now(), random: ports.random }));
    return {
      world,
      order,
      claimAudits: claim,
      async audit(found) {
        const audits = await claim();
        const findings = audits.map((audit) => ({ audit, found: typeof found === 'string' ? found : found(audit) }));
        return decideAudits(state, findings, clock.now());
      },
      miner: (account) =>
        state.read((queries) =>
          trustTables(queries).selectFrom('errands_miner').selectAll().where('account_id', '=', account).executeTakeFirstOrThrow(),
        ),
      coins: (...names) => Promise.all(names.map((account) => world.coinsOf(account))),
      async clear(limit = 100) {
        while ((await clearShutOut(state, clock.now(), limit)) > 0);
      },
    };
  };
  auditing(name, open);
  lying(name, open);
  conspiring(name, open);
  minting(name, open);
}

type Open = (t: TestContext, runs: number, wish?: { copies?: number }) => Promise<Market>;

function auditing(name: string, open: Open): void {
  describe(`audits: ${name}`, () => {
    it('look at all answers of a new miner, and at few of one who is trusted', async (t) => {
      const { world, audit, claimAudits, miner } = await open(t, 100);
      await world.answer('ben', await world.claim('ben', validToTrust));
      await audit('valid');
      const { state, valid_in_row, audited } = await miner('ben');
      assert.deepEqual([state, valid_in_row, audited], ['trusted', validToTrust, validToTrust]);
      await world.answer('ben', await world.claim('ben', 80));
      const few = (await claimAudits()).length;
      assert.ok(few < 30, `${few} of 80`);
      await world.answer('cleo', await world.claim('cleo', 10));
      assert.equal((await claimAudits()).length, 10);
    });

    it('hold the payment back, and decide once, even when two auditors look', async (t) => {
      const { world, claimAudits, coins, miner } = await open(t, 2);
      const { state, clock } = world;
      await world.answer('ben', await world.claim('ben'));
      const refusedToLeave = async () =>
        (await state.write((queries) => leaveErrands(queries, { id: 'ben', now: clock.now() })))?.reason?.name;
      assert.equal(await refusedToLeave(), 'wages-under-way');
      await clock.advance(settleMs);
      assert.equal(await world.settle(), 0);
      const late = await claimAudits();
      await clock.advance(auditLeaseMs);
      const inTime = await claimAudits();
      assert.deepEqual(
        inTime.map(({ address, attempt, minerId }) => [address, attempt, minerId]),
        Array(2).fill(['http://example.org/', 2, 'ben']),
      );
      const finding = (audits: readonly ClaimedAudit[], found: AuditVerdict) =>
        decideAudits(
          state,
          audits.map((audit) => ({ audit, found })),
          clock.now(),
        );
      await finding(late, 'lie');
      await Promise.all([finding(inTime, 'valid'), finding(inTime, 'valid')]);
      assert.equal(await world.settle(), 2);
      assert.deepEqual(await coins('ben'), [2]);
      assert.equal(await refusedToLeave(), undefined);
      assert.equal((await miner('ben')).audited, 2);
      assert.deepEqual(await world.violations(), []);
    });

    it('are tried again later when the page cannot be fetched, and decide nothing about what cannot be told', async (t) => {
      const { world, claimAudits, audit, coins, miner } = await open(t, 2);
      await world.answer('ben', await world.claim('ben'));
      const audits = await claimAudits();
      await world.state.write((queries) => postponeAudits(queries, audits, world.clock.now()));
      assert.equal((await claimAudits()).length, 0);
      await world.clock.advance(settleMs);
      await audit('undecided');
      await world.settle();
      assert.deepEqual(await coins('ben'), [2]);
      assert.deepEqual([(await miner('ben')).audited, (await miner('ben')).valid_in_row], [0, 0]);
    });

    it('are not made for the house', async (t) => {
      const { world, claimAudits } = await open(t, 1);
      await world.answer(houseMiner, await world.claimForHouse(1, true));
      assert.equal((await claimAudits()).length, 0);
    });
  });
}

function lying(name: string, open: Open): void {
  describe(`lies: ${name}`, () => {
    it('are refused: the result is withdrawn, and the house fetches again what is in time', async (t) => {
      const { world, order, audit, coins, miner } = await open(t, 1);
      await world.answer('ben', await world.claim('ben'), { text: 'a lie' });
      assert.deepEqual([...(await audit('lie'))], [], 'one lie shuts nobody out: the page may have changed');
      assert.equal((await miner('ben')).refused, 1);
      assert.equal((await world.claim('cleo')).length, 0);
      await world.answer(houseMiner, await world.claimForHouse());
      await world.clock.advance(settleMs);
      await world.settle();
      const results = await world.results(order);
      assert.deepEqual(
        results.map(({ outcome, reason, feed, number }) => [outcome, reason, feed, number]),
        [
          ['withdrawn', 'lie', 1, 1],
          ['delivered', null, 3, 3],
        ],
      );
      assert.deepEqual(
        (await world.notices(order)).map(({ withdraws, reason, feed, number, slot }) => [withdraws, reason, feed, number, slot]),
        [[1, 'lie', 2, 2, 1]],
        'the customer is told by a notice with numbers of its own',
      );
      assert.equal(Buffer.from(results[1]?.body ?? []).toString(), 'a page');
      assert.deepEqual(await coins('ada', 'ben', 'revenue:errands', escrowAccount), [999, 0, 1, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('are refunded when it is too late to fetch again', async (t) => {
      const { world, order, audit, coins } = await open(t, 3);
      await world.answer('ben', await world.claim('ben', 1), { text: 'a lie' });
      await world.clock.advance(failMs - leaseMs);
      await audit('lie');
      assert.deepEqual(await coins('ada'), [998]);
      const [result] = await world.results(order);
      assert.deepEqual([result?.outcome, result?.reason], ['withdrawn', 'lie']);
      assert.deepEqual(await world.violations(), []);
    });

    it('shut out who tells three of them: nothing more is paid, also for what was found valid', async (t) => {
      const { world, order, audit, coins, miner, clear } = await open(t, 12);
      await world.answer('ben', await world.claim('ben', 5));
      await audit('valid');
      await world.answer('ben', await world.claim('ben', 6), { text: 'a lie' });
      await world.clock.advance(failMs - leaseMs);
      const verdicts: AuditVerdict[] = ['lie', 'undecided', 'lie', 'lie', 'valid', 'lie'];
      assert.deepEqual([...(await audit(() => verdicts.shift() ?? 'valid'))], ['ben']);
      await world.clock.advance(settleMs);
      assert.equal(await world.settle(), 0);
      await clear(4);
      const { state, audited, refused } = await miner('ben');
      assert.deepEqual([state, audited, refused], ['shut-out', 10, 4]);
      await world.failOverdue();
      const outcomes = (await world.results(order)).map(({ outcome, reason }) => `${outcome}: ${reason}`);
      const told = (await world.notices(order)).map(({ withdraws }) => withdraws);
      assert.deepEqual(
        told.toSorted((one, other) => one - other),
        Array.from({ length: 11 }, (_, index) => index + 1),
        'of each result there is one notice',
      );
      const expected = [...Array(7).fill('withdrawn: shut-out'), ...Array(4).fill('withdrawn: lie'), 'failed: not-claimed'];
      assert.deepEqual(outcomes.sort(), expected.sort());
      assert.deepEqual(await coins('ada', 'ben', escrowAccount), [1_000, 0, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('that are certain shut out at once; what he holds and answers then goes to others', async (t) => {
      const { world, order, audit, coins, miner, clear } = await open(t, 10);
      await world.answer('ben', await world.claim('ben', 6), { text: 'a lie' });
      const held = await world.claim('ben', 2);
      let found: AuditVerdict = 'certain-lie';
      assert.deepEqual(
        [
          ...(await audit(() => {
            const now = found;
            found = 'undecided';
            return now;
          })),
        ],
        ['ben'],
      );
      const { state, state_reason, to_clear } = await miner('ben');
      assert.deepEqual([state, state_reason, to_clear], ['shut-out', 'lies', 1]);
      await world.clock.advance(leaseMs / 2);
      assert.deepEqual(await world.answer('ben', held), Array(2).fill({ outcome: 'refused', reason: 'shut-out' }));
      assert.equal((await world.claim('ben')).length, 0);
      await clear(4);
      assert.equal((await miner('ben')).to_clear, 0);
      await world.clock.advance(leaseMs / 2);
      await world.answer('cleo', await world.claim('cleo', 100));
      await world.answer(houseMiner, await world.claimForHouse(100));
      await audit('valid');
      await world.clock.advance(settleMs);
      await world.settle();
      const results = await world.results(order);
      assert.equal(results.filter(({ outcome }) => outcome === 'withdrawn').length, 6);
      assert.equal(results.filter(({ outcome }) => outcome === 'delivered').length, 10);
      assert.deepEqual(await coins('ada', 'ben', 'cleo', 'revenue:errands', escrowAccount), [990, 0, 4, 6, 0]);
      assert.deepEqual(await world.violations(), []);
    });
  });
}

function conspiring(name: string, open: Open): void {
  describe(`liars who conspire: ${name}`, () => {
    it('are found together, because what is contested is audited', async (t) => {
      const { world, order, audit, coins, miner } = await open(t, 1, { copies: 3 });
      const [ben, cleo, dora] = [await world.claim('ben'), await world.claim('cleo'), await world.claim('dora')];
      await world.answer('ben', ben, { text: 'a lie' });
      await world.answer('cleo', cleo, { text: 'a lie' });
      await world.answer('dora', dora);
      assert.deepEqual(
        (await world.answers(order)).map(({ verdict }) => verdict),
        ['accepted', 'accepted', 'refused'],
      );
      assert.equal((await miner('dora')).refused, 1);
      await audit(({ minerId }) => (minerId === 'ben' ? 'lie' : 'undecided'));
      assert.deepEqual([(await miner('ben')).doubt, (await miner('cleo')).doubt, (await miner('dora')).doubt], [4, 4, 0]);
      await world.answer(houseMiner, await world.claimForHouse());
      await world.clock.advance(settleMs);
      await world.settle();
      assert.deepEqual(
        (await world.results(order)).map(({ outcome }) => outcome),
        ['withdrawn', 'delivered'],
      );
      assert.deepEqual(await coins('ada', 'ben', 'cleo', 'dora', escrowAccount), [999, 0, 0, 0, 0]);
      assert.deepEqual(await world.violations(), []);
    });

    it('cannot take the result from honest miners who said the same', async (t) => {
      const { world, order, audit, coins, clear } = await open(t, 2, { copies: 2 });
      const [ben, cleo] = [await world.claim('ben'), await world.claim('cleo')];
      await world.answer('ben', ben);
      await world.answer('cleo', cleo.slice(0, 1));
      const other = await world.order('ada', 1);
      await world.runs(other, 1);
      await world.answer('ben', await world.claim('ben'), { text: 'a lie' });
      await audit(({ orderId }) => (orderId === other ? 'certain-lie' : 'valid'));
      await clear();
      await world.answer(houseMiner, await world.claimForHouse());
      await world.clock.advance(settleMs);
      await world.settle();
      assert.deepEqual((await world.results(order))[0]?.outcome, 'delivered');
      assert.deepEqual(await coins('ben', 'cleo'), [0, 1]);
      await world.clock.advance(failMs);
      await world.failOverdue();
      assert.deepEqual(await world.violations(), []);
    });
  });
}

function minting(name: string, open: Open): void {
  describe(`gold pages: ${name}`, () => {
    it('look like any run, are always audited, and are paid by the house', async (t) => {
      const { world, audit, claimAudits, coins } = await open(t, 1);
      const { state, clock, ports } = world;
      await clock.advance(failMs);
      await world.failOverdue();
      const wants = () => state.read((queries) => wantsGold(queries, clock.now() - 1_000, clock.now()));
      assert.equal(await wants(), false, 'there are no miners');
      const machine = {
        accountId: 'ben',
        name: 'one',
        version: '1',
        network: 'ben.0/24',
        concurrency: 1,
        pages: 0,
        failures: 0,
        at: clock.now(),
      };
      await state.write((queries) => addMachines(queries, [machine]));
      assert.equal(await wants(), true);
      const make = () =>
        state.write((queries) => makeGoldRun(queries, { origin: 'https://kontor.example', now: clock.now(), random: ports.random }));
      await make();
      assert.equal(await wants(), false, 'there is one');
      const runs = await world.claim('ben');
      const token = runs[0]?.address.split('/').at(-1) ?? '';
      const nonce = (await state.read((queries) => findNonce(queries, token))) ?? assert.fail('it is not served');
      await world.answer('ben', runs, { text: goldPage(nonce) });
      const [claimed] = await claimAudits();
      assert.equal(claimed?.nonce, nonce);
      await clock.advance(auditLeaseMs);
      await audit('valid');
      await clock.advance(settleMs);
      await world.settle();
      await make();
      await world.answer('cleo', await world.claim('cleo'), { text: '' });
      assert.deepEqual([...(await audit('certain-lie'))], ['cleo']);
      assert.deepEqual(await coins('ben', 'cleo', escrowAccount, revenueAccount, goldCustomer), [1, 0, 0, -2, 1]);
      await make();
      assert.deepEqual(await coins(revenueAccount, goldCustomer), [-2, 0], 'the coin that came back pays for the next');
      assert.deepEqual(await world.violations(), []);
      await clock.advance(goldKeepMs + failMs);
      await world.failOverdue();
      await state.write((queries) => forgetGold(queries, clock.now(), 10));
      assert.equal(await state.read((queries) => findNonce(queries, token)), undefined);
      assert.deepEqual(await world.violations('errands-1'), []);
    });
  });
}
