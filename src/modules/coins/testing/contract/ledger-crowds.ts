/** What the ledger must do when many come at once, and over thousands of random operations. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { captureHold, houseAccounts, openAccount, placeHold, post, refund, voidHold } from '../../post.ts';
import { expireHolds } from '../../store/holds.ts';
import { LedgerModel, type LedgerOperation, ledgerOperations, modelAccounts, startingCoins } from '../ledger-model.ts';
import { balance, type LedgerContract, lawViolations, now, openWallets, postAll, transfer } from './ledger-world.ts';

const [anna, shop] = ['wallet:anna', 'revenue:shop'];

/** More than any run's last request is later than its first. */
const runMs = 1_000_000;

function tally(outcomes: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export function ledgerCrowdsContract(name: string, contract: LedgerContract): void {
  describe(`ledger with many at once: ${name}`, () => {
    it('lets 40 clients draw exactly the 10 that a balance allows', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, { anna: 105 });
      const drawing = Array.from({ length: 40 }, async (_, index) => (await postAll(state, transfer(`${index}`, anna, shop, 10)))[0]);
      assert.deepEqual(tally((await Promise.all(drawing)).filter((answer) => answer !== undefined)), { posted: 10, insufficient: 30 });
      assert.deepEqual([(await balance(state, anna))?.posted, (await balance(state, shop))?.posted], [5, 100]);
      assert.deepEqual(await lawViolations(state), []);
    });

    it('makes 5 transfers of 3,000 calls on 5 keys', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, { anna: 1_000 });
      // So many at once that they wait for each other, and few enough that none waits longer than the State lets it.
      const calling = Array.from({ length: 100 }, async (_, caller) => {
        const answers = [];
        for (let call = 0; call < 30; call += 1)
          answers.push(...(await postAll(state, transfer(`key ${(caller + call) % 5}`, anna, shop, 2))));
        return answers;
      });
      assert.deepEqual(tally((await Promise.all(calling)).flat()), { posted: 5, replayed: 2_995 });
      assert.equal((await balance(state, anna))?.posted, 990);
      assert.deepEqual(await lawViolations(state), []);
    });

    it('makes one transfer of 40 calls on one key between accounts that nobody locks', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, {});
      const ask = async (key: string) => (await postAll(state, transfer(key, houseAccounts.mint, houseAccounts.fees, 1)))[0];
      const rounds = 10;
      // The first round opens connections, which come one after another.
      for (let round = 0; round < rounds; round += 1) {
        const answers = await Promise.all(Array.from({ length: 40 }, () => ask(`once ${round}`)));
        assert.deepEqual(tally(answers.filter((answer) => answer !== undefined)), { posted: 1, replayed: 39 });
      }
      assert.equal((await balance(state, houseAccounts.fees))?.posted, rounds);
      assert.deepEqual(await lawViolations(state), []);
    });

    it('lets batches that share keys and accounts, in any order, through without a deadlock that is heard of', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, { a: 100, b: 100, c: 100 });
      const ring = ['wallet:a', 'wallet:b', 'wallet:c'];
      const batch = Array.from({ length: 60 }, (_, index) => transfer(`${index}`, ring[index % 3] ?? '', ring[(index + 1) % 3] ?? '', 1));
      const posting = Array.from({ length: 12 }, (_, index) => postAll(state, ...(index % 2 === 0 ? batch : batch.toReversed())));
      assert.deepEqual(tally((await Promise.all(posting)).flat()), { posted: 60, replayed: 660 });
      assert.deepEqual(await lawViolations(state), []);
    });

    it('captures a hold once of 30 times, beside those that void it or let it expire', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, { anna: 100 });
      const holds = Array.from({ length: 10 }, (_, index) => ({ scope: 'hold', key: `${index}` }));
      for (const hold of holds) {
        const request = { ...hold, payer: anna, payee: shop, amount: 10, at: now, expiresAt: now + 1_000 };
        await state.write((queries) => placeHold(queries, request));
      }
      const [first] = holds;
      assert.ok(first);
      const capture = (hold: typeof first, index: number) =>
        state.write((queries) => captureHold(queries, { scope: 'capture', key: `${hold.key} ${index}`, hold, at: now }));
      const captured = await Promise.all(Array.from({ length: 30 }, (_, index) => capture(first, index)));
      assert.deepEqual(tally(captured), { posted: 1, closed: 29 });
      const racing = holds
        .slice(1)
        .flatMap((hold) => [
          capture(hold, 0),
          state.write((queries) => voidHold(queries, hold)),
          state.write(async (queries) => ({ outcome: 'swept', count: await expireHolds(queries, now + 1_000, 3) })),
        ]);
      await Promise.all(racing);
      await state.write((queries) => expireHolds(queries, now + 1_000, 100));
      assert.equal((await balance(state, anna))?.held, 0);
      assert.deepEqual(await lawViolations(state), []);
    });

    it('refunds no more than was paid, of 30 refunds at once', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, { anna: 100 });
      await postAll(state, transfer('sale', anna, shop, 100));
      const of = { scope: 'test', key: 'sale' };
      const refunding = Array.from({ length: 30 }, (_, index) =>
        state.write((queries) => refund(queries, { scope: 'refund', key: `${index}`, of, amount: 10, at: now })),
      );
      assert.deepEqual(tally(await Promise.all(refunding)), { posted: 10, exceeds: 20 });
      assert.equal((await balance(state, anna))?.posted, 100);
      assert.deepEqual(await lawViolations(state), []);
    });

    it('equals a simple model after 10,000 random operations', async (t) => {
      const state = await contract.open(t);
      await openWallets(state, {});
      const operationsPerRun = 500;
      let run = 0;
      const property = fastCheck.asyncProperty(ledgerOperations(operationsPerRun), async (operations) => {
        run += 1;
        const world = new RunWorld(`r${run}`);
        const startAt = now + run * runMs;
        await state.write((queries) => world.begin(queries, startAt));
        const model = new LedgerModel();
        // Some in one transaction, some in the next.
        for (let from = 0; from < operations.length; from += 50) {
          const some = operations.slice(from, from + 50);
          const outcomes = await state.write((queries) => world.applyAll(queries, some, startAt + from));
          assert.deepEqual(
            outcomes,
            some.map((operation, index) => model.apply(operation, startAt + from + index)),
          );
        }
        for (const account of modelAccounts) {
          const real = await balance(state, world.account(account));
          assert.deepEqual([account, real?.posted, real?.held], [account, model.coins.get(account), model.held(account)]);
        }
      });
      await fastCheck.assert(property, { seed: 20_261_121, numRuns: 10_000 / operationsPerRun, endOnFailure: true });
      assert.deepEqual(await lawViolations(state), []);
    });
  });
}

/** Accounts and keys of one run, beside those of others in the same books. */
class RunWorld {
  readonly #run: string;

  constructor(run: string) {
    this.#run = run;
  }

  account(name: string): string {
    return `${name}-${this.#run}`;
  }

  async begin(queries: Queries, at: number): Promise<void> {
    // Holds that earlier runs left open are not this one's to expire.
    await expireHolds(queries, at, 1_000);
    for (const name of modelAccounts) {
      const [kind = '', owner = ''] = this.account(name).split(':');
      await openAccount(queries, { kind, owner, mode: kind === 'wallet' ? 'strict' : 'rollup' });
    }
    const grants = modelAccounts.map((name) => transfer(`${this.#run} ${name}`, houseAccounts.mint, this.account(name), startingCoins));
    await post(queries, grants);
  }

  async applyAll(queries: Queries, operations: readonly LedgerOperation[], from: number): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for (const [index, operation] of operations.entries()) {
      outcomes.push(await this.#apply(queries, operation, from + index).catch(codeOf));
    }
    return outcomes;
  }

  async #apply(queries: Queries, operation: LedgerOperation, at: number): Promise<string> {
    const named = (key: string) => ({ scope: this.#run, key });
    switch (operation.type) {
      case 'transfer': {
        const { key, from, to, amount } = operation;
        const [answer] = await post(queries, [{ ...transfer(key, this.account(from), this.account(to), amount), ...named(key), at }]);
        return shown(answer);
      }
      case 'hold': {
        const { key, from, to, amount, lasts } = operation;
        const parties = { payer: this.account(from), payee: this.account(to) };
        return shown(await placeHold(queries, { ...named(key), ...parties, amount, at, expiresAt: at + lasts }));
      }
      case 'capture':
        return shown(await captureHold(queries, { ...named(operation.key), hold: named(operation.hold), amount: operation.amount, at }));
      case 'void':
        return shown(await voidHold(queries, named(operation.hold)));
      case 'refund':
        return shown(await refund(queries, { ...named(operation.key), of: named(operation.of), amount: operation.amount, at }));
      case 'expire':
        return `expired ${await expireHolds(queries, at, 1_000)}`;
    }
  }
}

function shown(answer: { readonly outcome: string; readonly first?: string; readonly state?: string } | undefined): string {
  return [answer?.outcome, answer?.first ?? answer?.state].filter((word) => word !== undefined).join(' ');
}

function codeOf(error: unknown): string {
  if (error instanceof KontorError) return error.code;
  throw error;
}
