/** Wishes and their payments on books of their own, and the law that compares the two. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { Books } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { compose } from '#house/composition.ts';
import { modules } from '#house/modules.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { houseAccounts, openAccount, openAccounts, post } from '#modules/coins/post.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { instrument, plainWish, revenueAccount } from './domain/wish.ts';
import { wishesLaws } from './laws.ts';
import { makeWish, type NewWish, readWishes } from './store/wishes.ts';

const now = 1_772_438_400_000;
const wish: NewWish = { accountId: 'ada', key: 'wish-0001', text: 'A fair wind', price: 5, now };

/** The books of a house in which Ada has 12 coins. */
async function openBooks(t: TestContext): Promise<State> {
  const { config } = readHouseConfig({ environment: {}, flags: new Map() });
  const { migrations, accounts } = compose(config, modules);
  const state = await temporaryState(t, migrations);
  await state.write(async (queries) => {
    await openAccounts(queries, accounts);
    const credit = await openAccount(queries, { owner: 'ada', kind: 'wallet', mode: 'strict' });
    await post(queries, [{ scope: 'test', key: 'start', kind: 'transfer', debit: houseAccounts.mint, credit, amount: 12, at: now }]);
  });
  return state;
}

async function violations(state: State): Promise<readonly string[]> {
  const findings = await Promise.all(wishesLaws.map((law) => law.check({ state } as Books, 'all')));
  return findings.flatMap((finding) => finding.violations);
}

const outcomes = async (state: State, ...wishes: readonly NewWish[]) => {
  const made = [];
  for (const one of wishes) made.push((await state.write((queries) => makeWish(queries, one))).outcome);
  return made;
};

describe('a wish', () => {
  it('is paid once, however often its request is sent', async (t) => {
    const state = await openBooks(t);
    assert.deepEqual(await outcomes(state, wish, wish, { ...wish, text: 'Calm' }), ['made', 'repeated', 'key-reused']);
    const { items } = await state.read((queries) => readWishes(queries, { limit: 10 }));
    assert.deepEqual(
      items.map(({ text, price }) => ({ text, price })),
      [{ text: 'A fair wind', price: 5 }],
    );
    const rows = async (query: string) => (await state.read((queries) => sql.raw(query).execute(queries))).rows;
    assert.deepEqual(await rows(`select amount from coins_transfer where credit = '${revenueAccount}'`), [{ amount: 5 }]);
    assert.deepEqual(await rows(`select count from outbox where partition = '${instrument}'`), [{ count: 1 }]);
    assert.deepEqual(await violations(state), []);
  });

  it('is not for those with too few coins', async (t) => {
    const state = await openBooks(t);
    const answer = await state.write((queries) => makeWish(queries, { ...wish, price: 13 }));
    assert.deepEqual(answer, { outcome: 'insufficient', available: 12 });
  });

  it('that lost its payment is found by the law', async (t) => {
    const state = await openBooks(t);
    await outcomes(state, wish, { ...wish, key: 'wish-0002' });
    await state.write((queries) => sql`update wishes_wish set price = 6 where text = 'A fair wind'`.execute(queries));
    const found = await violations(state);
    assert.equal(found.length, 2);
    assert.match(found[0] ?? '', /^the wish [0-9a-f]{32} costs 6 coins, but the ledger moved 5$/);
  });

  it('stands on one line, and says something', () => {
    assert.equal(plainWish(' a\r\nfair\twind '), 'a fair wind');
    assert.equal(plainWish(' …! '), undefined);
  });
});
