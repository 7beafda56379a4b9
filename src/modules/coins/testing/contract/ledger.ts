/** What the ledger must do on every engine of the State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { State } from '#core/ports/state.ts';
import { captureHold, expireHolds, houseAccounts, type NewHold, openAccount, placeHold, post, refund, voidHold } from '../../post.ts';
import { foldRollups } from '../../store/accounts.ts';
import { openDesk } from '../../store/desk.ts';
import { readStatement } from '../../store/statements.ts';
import { balance, type LedgerContract, lawViolations, now, openWallets, postAll, transfer } from './ledger-world.ts';

const [anna, bert, shop] = ['wallet:anna', 'wallet:bert', 'revenue:shop'];

export function ledgerContract(name: string, contract: LedgerContract): void {
  /** The laws must hold after each test, whatever it did. */
  async function open(t: TestContext, coins: Readonly<Record<string, number>>): Promise<State> {
    const state = await contract.open(t);
    await openWallets(state, coins);
    return state;
  }

  async function assertLaws(state: State): Promise<void> {
    assert.deepEqual(await lawViolations(state, 'all'), []);
    assert.deepEqual(await lawViolations(state, 'recent'), []);
  }

  const posted = async (state: State, account: string) => (await balance(state, account))?.posted;
  const hold = (key: string, amount: number, more: Partial<NewHold> = {}): NewHold => ({
    scope: 'test',
    key,
    payer: anna,
    payee: shop,
    amount,
    at: now,
    expiresAt: now + 1_000,
    ...more,
  });
  const place = (state: State, request: NewHold) => state.write((queries) => placeHold(queries, request));
  const named = (key: string) => ({ scope: 'test', key });

  const bySql = (debit: string, credit: string, amount: number, key: string) =>
    sql`insert into coins_request (id, scope, key, requested_at, kind, debit, credit, amount, memo, refused)
      values (999, 'test', ${key}, 0, 'grant', ${debit}, ${credit}, ${amount}, '', 0)`;

  describe(`ledger: ${name}`, () => {
    it('moves coins, with an answer for each request, and the later ones may spend what the earlier brought', async (t) => {
      const state = await open(t, { anna: 10, bert: 0 });
      const answers = await postAll(state, transfer('1', anna, bert, 10), transfer('2', bert, anna, 4), transfer('3', bert, anna, 7));
      assert.deepEqual(answers, [
        { outcome: 'posted', debitBalance: 0, creditBalance: 10 },
        { outcome: 'posted', debitBalance: 6, creditBalance: 4 },
        { outcome: 'insufficient', available: 6 },
      ]);
      assert.deepEqual([await posted(state, anna), await posted(state, bert)], [4, 6]);
      await assertLaws(state);
    });

    it('answers a request that was made before with what came of it, and refuses its key for anything else', async (t) => {
      const state = await open(t, { anna: 10, bert: 0 });
      await postAll(state, transfer('paid', anna, bert, 4), transfer('refused', anna, bert, 100));
      const later = (key: string, amount: number) => ({ ...transfer(key, anna, bert, amount), at: now + 5_000 });
      assert.deepEqual(await postAll(state, later('paid', 4), later('refused', 100), later('paid', 5), later('new', 1), later('new', 1)), [
        { outcome: 'replayed', first: 'posted' },
        { outcome: 'replayed', first: 'refused' },
        { outcome: 'conflict' },
        { outcome: 'posted', debitBalance: 5, creditBalance: 5 },
        { outcome: 'replayed', first: 'posted' },
      ]);
      assert.equal(await posted(state, bert), 5);
    });

    it('forgets a request with the transaction that is rolled back', async (t) => {
      const state = await open(t, { anna: 10, bert: 0 });
      const failing = state.write(async (queries) => {
        await post(queries, [transfer('1', anna, bert, 4)]);
        throw new Error('out of stock');
      });
      await assert.rejects(failing, /out of stock/);
      assert.deepEqual(await postAll(state, transfer('1', anna, bert, 5)), [{ outcome: 'posted', debitBalance: 5, creditBalance: 5 }]);
    });

    it('rejects, and moves nothing, where an account is not open', async (t) => {
      const state = await open(t, { anna: 10 });
      const posting = postAll(state, transfer('1', anna, shop, 1), transfer('2', anna, 'wallet:nobody', 1));
      await assert.rejects(
        posting,
        (error) => error instanceof KontorError && error.code === 'not_found' && /wallet:nobody/.test(error.message),
      );
      assert.equal(await posted(state, anna), 10);
    });

    it('opens an account once', async (t) => {
      const state = await open(t, { anna: 10 });
      const again = state.write((queries) => openAccount(queries, { owner: 'anna', kind: 'wallet', mode: 'strict' }));
      assert.equal(await again, anna);
      assert.equal(await posted(state, anna), 10);
    });

    it('keeps requests as they were written, each name once, and every wallet above its floor, against SQL itself', async (t) => {
      const state = await open(t, { anna: 10 });
      const forbidden = [
        sql`update coins_request set amount = amount + 1`,
        sql`delete from coins_request`,
        sql`update coins_account set posted = -1 where id = ${anna}`,
        sql`update coins_account set held = 11 where id = ${anna}`,
        sql`update coins_account set held = -1 where id = ${houseAccounts.fees}`,
        bySql(shop, anna, 0, 'zero'),
        bySql(anna, anna, 1, 'to itself'),
        bySql(shop, anna, 1, 'start anna'),
      ];
      for (const statement of forbidden) {
        const breaking = state.write((queries) => statement.execute(queries));
        await assert.rejects(breaking, (error) => error instanceof KontorError && error.code === 'conflict');
      }
      await assertLaws(state);
    });

    it('touches no row of a rollup when coins move; its balance is what was folded in and the tail', async (t) => {
      const state = await open(t, { anna: 10 });
      const stored = () =>
        state.read(
          async (queries) =>
            (await sql<{ posted: number }>`select posted from coins_account where id = ${shop}`.execute(queries)).rows[0]?.posted,
        );
      await postAll(state, transfer('1', anna, shop, 3));
      await postAll(state, transfer('2', anna, shop, 4));
      assert.deepEqual([await stored(), await posted(state, shop)], [0, 7]);
      await assertLaws(state);
      assert.equal(await state.write(foldRollups), 3); // the coins that anna was given, and two sales
      assert.deepEqual([await stored(), await posted(state, shop), await posted(state, houseAccounts.mint)], [7, 7, -10]);
      await assertLaws(state);
    });

    it('sets held coins aside, pays the payee out of them once, and frees what it did not take', async (t) => {
      const state = await open(t, { anna: 10 });
      const capture = (key: string, amount?: number) =>
        state.write((queries) =>
          captureHold(queries, { ...named(key), hold: named('h'), at: now, ...(amount === undefined ? {} : { amount }) }),
        );
      assert.deepEqual(await place(state, hold('h', 8)), { outcome: 'placed' });
      assert.deepEqual(await place(state, hold('h', 8)), { outcome: 'replayed', first: 'placed' });
      assert.deepEqual(await place(state, hold('h', 9)), { outcome: 'conflict' });
      assert.deepEqual(await place(state, hold('h2', 3)), { outcome: 'insufficient', available: 2 });
      assert.deepEqual(await place(state, hold('h2', 3)), { outcome: 'replayed', first: 'refused' });
      assert.deepEqual(await balance(state, anna), { posted: 10, held: 8, available: 2 });
      assert.deepEqual(await postAll(state, transfer('1', anna, shop, 3)), [{ outcome: 'insufficient', available: 2 }]);
      assert.deepEqual(await capture('c', 9), { outcome: 'exceeds', available: 8 });
      assert.deepEqual(await capture('c', 5), { outcome: 'posted', debitBalance: 5, creditBalance: undefined });
      assert.deepEqual(await balance(state, anna), { posted: 5, held: 0, available: 5 });
      assert.deepEqual(await capture('c', 5), { outcome: 'replayed', first: 'posted' });
      assert.deepEqual(await capture('c', 4), { outcome: 'conflict' });
      assert.deepEqual(await capture('d', 1), { outcome: 'closed', state: 'captured' });
      await assertLaws(state);
    });

    it('frees held coins when the hold is voided or expires, once, and it cannot be captured from then on', async (t) => {
      const state = await open(t, { anna: 10 });
      await place(state, hold('void', 4));
      await place(state, hold('expire', 5));
      await place(state, hold('stay', 1, { expiresAt: now + 9_000 }));
      const end = (key: string) => state.write((queries) => voidHold(queries, named(key)));
      assert.deepEqual(await end('void'), { outcome: 'voided' });
      assert.deepEqual(await end('void'), { outcome: 'closed', state: 'voided' });
      const capture = (key: string, at: number) =>
        state.write((queries) => captureHold(queries, { ...named(`capture ${key}`), hold: named(key), at }));
      assert.deepEqual(await capture('expire', now + 1_000), { outcome: 'closed', state: 'expired' });
      assert.equal((await balance(state, anna))?.held, 6);
      const expire = (at: number) => state.write((queries) => expireHolds(queries, at, 10));
      assert.deepEqual([await expire(now + 999), await expire(now + 1_000), await expire(now + 1_000)], [0, 1, 0]);
      assert.deepEqual(await balance(state, anna), { posted: 10, held: 1, available: 9 });
      assert.deepEqual(await end('expire'), { outcome: 'closed', state: 'expired' });
      await assert.rejects(end('none'), /no hold test\/none/);
      await assertLaws(state);
    });

    it('refunds a transfer or a capture in parts, and never more than was paid', async (t) => {
      const state = await open(t, { anna: 10, bert: 0 });
      const back = (key: string, of: string, amount: number) =>
        state.write((queries) => refund(queries, { ...named(key), of: named(of), amount, at: now }));
      await postAll(state, transfer('sale', anna, shop, 6));
      assert.equal((await back('r1', 'sale', 2)).outcome, 'posted');
      assert.deepEqual(await back('r2', 'sale', 5), { outcome: 'exceeds', available: 4 });
      assert.equal((await back('r3', 'sale', 4)).outcome, 'posted');
      assert.deepEqual(await back('r3', 'sale', 4), { outcome: 'replayed', first: 'posted' });
      assert.deepEqual(await back('r3', 'sale', 3), { outcome: 'conflict' });
      assert.equal(await posted(state, anna), 10);
      await assert.rejects(back('r4', 'r3', 1), /no transfer test\/r3/);
      await place(state, hold('h', 8, { payee: bert }));
      await state.write((queries) => captureHold(queries, { ...named('c'), hold: named('h'), at: now }));
      assert.equal((await back('r5', 'c', 3)).outcome, 'posted');
      assert.deepEqual([await posted(state, anna), await posted(state, bert)], [5, 5]);
      await postAll(state, transfer('gone', bert, shop, 5));
      assert.deepEqual(await back('r6', 'c', 1), { outcome: 'insufficient', available: 0 });
      await assertLaws(state);
    });

    it('tells a statement newest first, with the balance after each entry, page by page', async (t) => {
      const state = await open(t, { anna: 10, bert: 0 });
      await postAll(state, transfer('1', anna, bert, 3), { ...transfer('2', bert, anna, 1), memo: 'change' }, transfer('3', anna, shop, 2));
      const page = (from?: number) => state.read((queries) => readStatement(queries, { account: anna, limit: 2, from }));
      const first = await page();
      assert.deepEqual(
        first.entries.map(({ entry, amount, balance: after, counterparty, memo }) => [entry, amount, after, counterparty, memo]),
        [
          [4, -2, 6, shop, ''],
          [3, 1, 8, bert, 'change'],
        ],
      );
      const rest = await page(first.next);
      assert.deepEqual(
        rest.entries.map(({ entry, amount, balance: after, at }) => [entry, amount, after, at]),
        [
          [2, -3, 7, now],
          [1, 10, 10, now],
        ],
      );
    });

    it('posts at the desk what arrives together in few commits, and one that cannot be posted alone', async (t) => {
      const state = await open(t, { anna: 50, bert: 0 });
      let commits = 0;
      const desk = openDesk({
        write(work) {
          commits += 1;
          return state.write(work);
        },
      });
      const posting = Array.from({ length: 100 }, (_, index) => desk.post(transfer(`d${index}`, anna, bert, 1)));
      const outcomes = (await Promise.all(posting)).map(({ outcome }) => outcome);
      assert.deepEqual(
        [outcomes.filter((one) => one === 'posted').length, outcomes.filter((one) => one === 'insufficient').length],
        [50, 50],
      );
      assert.ok(commits < 10, `${commits} commits`);
      const [wrong, right] = await Promise.allSettled([
        desk.post(transfer('w', 'wallet:nobody', bert, 1)),
        desk.post(transfer('r', bert, anna, 1)),
      ]);
      assert.equal(wrong.status, 'rejected');
      assert.equal(right.status === 'fulfilled' && right.value.outcome, 'posted');
      await desk.close();
      await assert.rejects(desk.post(transfer('late', bert, anna, 1)), /closing/);
    });
  });
}
