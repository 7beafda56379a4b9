/** The checkers of the client-side log: each is shown a run that is right, and then losses, doubles and wrong balances that were planted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation, Outcome } from '../journal.ts';
import { checkCounts } from './counts.ts';
import { checkResults, checkWages, type ErrandOrder } from './mining.ts';
import { checkThings } from './things.ts';
import { checkWallet, type WalletHistory } from './wallets.ts';

function operation(key: string, outcome: Outcome, coins = -5): Operation {
  const id = outcome === 'acknowledged' ? `id-${key}` : undefined;
  return { part: 'shop', kind: 'order', key, outcome, id, moves: [{ wallet: 'ada', coins }] };
}

describe('the checker of orders', () => {
  const asked = [operation('a', 'acknowledged'), operation('b', 'unknown'), operation('c', 'refused'), operation('d', 'unknown')];
  const there = (...keys: readonly string[]) => keys.map((key, index) => ({ key, id: index === 0 ? 'id-a' : `id-${key}-${index}` }));

  it('lets pass what was acknowledged and there once, and what got no answer and is there or not', () => {
    assert.deepEqual(checkThings('orders', asked, there('a', 'b')).violations, []);
  });
  for (const [what, books, says] of [
    ['a loss', [], /id-a \(a\) was acknowledged, and is not there/],
    ['a double of an acknowledged one', there('a', 'a'), /\(a\) is there 2 times/],
    ['a double of one without an answer', there('a', 'b', 'b'), /\(b\) is there 2 times/],
    ['one that was refused', there('a', 'c'), /\(c\) was refused, and is there/],
    ['one that nobody asked for', there('a', 'x'), /\(x\) is in the books, and nobody asked for it/],
    ['another one in the place of an acknowledged one', [{ key: 'a', id: 'other' }], /is there as other/],
    [
      'one that is there for two requests',
      [
        { key: 'a', id: 'id-a' },
        { key: 'b', id: 'id-a' },
      ],
      /id-a is there for 2 requests/,
    ],
  ] as const) {
    it(`finds ${what}`, () => {
      const check = checkThings('orders', asked, books);
      assert.equal(check.holds, false);
      assert.match(check.violations.join('\n'), says);
    });
  }
});

describe('the checker of a wallet', () => {
  const right: WalletHistory = {
    name: 'buyer',
    wallet: 'ada',
    opening: 100,
    operations: [operation('a', 'acknowledged'), operation('b', 'unknown'), operation('c', 'unknown'), operation('d', 'refused')],
    took: new Set(['a', 'b']),
    reads: [
      { after: 1, coins: 95 },
      { after: 3, coins: 90 },
      { after: 3, coins: 95 },
    ],
    closing: 90,
    statement: [
      { amount: 100, balance: 100 },
      { amount: -5, balance: 95 },
      { amount: -5, balance: 90 },
    ],
  };
  const but = (changed: Partial<WalletHistory>) => checkWallet(Object.assign({}, right, changed));

  it('lets pass what follows from its operations', () => {
    assert.deepEqual(checkWallet(right).violations, []);
  });
  for (const [what, changed, says] of [
    [
      'a payment that was taken twice',
      { closing: 85, statement: [...right.statement, { amount: -5, balance: 85 }] },
      /has 85 coins, and should have 90/,
    ],
    ['a payment that is lost', { took: new Set(['b', 'c']) }, /should have 85/],
    ['a balance that was not possible', { reads: [{ after: 1, coins: 100 }] }, /showed 100 coins, but only 95 to 95/],
    ['a balance below what was possible', { reads: [{ after: 3, coins: 80 }] }, /showed 80 coins, but only 85 to 95/],
    ['a statement that does not sum up', { statement: [{ amount: 100, balance: 90 }] }, /entry 1 .* sum to 100/],
    ['a statement that ends elsewhere', { statement: [{ amount: 100, balance: 100 }] }, /ends with 100 coins/],
  ] as const) {
    it(`finds ${what}`, () => {
      const check = but(changed);
      assert.equal(check.holds, false);
      assert.match(check.violations.join('\n'), says);
    });
  }
});

describe('the checker of counted trades', () => {
  it('lets numbers grow, and finds one that was taken back', () => {
    assert.equal(checkCounts(new Map([['TSLA', 5]]), new Map([['TSLA', 5]])).holds, true);
    const check = checkCounts(new Map([['TSLA', 5]]), new Map([['TSLA', 4]]));
    assert.deepEqual(check.violations, ['a client saw 5 trades of TSLA counted, and at the end there are 4']);
  });
});

describe('the checkers of errands', () => {
  const order = (changed: Partial<ErrandOrder> = {}): ErrandOrder =>
    Object.assign(
      { id: 'KE-1', isOver: true, coins: { funded: 1, returned: 0, refunded: 0 }, delivered: 1, failed: 0, wrongPages: 0 },
      changed,
    );
  const refunded = order({ id: 'KE-2', coins: { funded: 1, returned: 0, refunded: 1 }, delivered: 0, failed: 1 });

  it('let pass one result, or one refund', () => {
    assert.deepEqual(checkResults([order(), refunded], new Set(['KE-1'])).violations, []);
  });
  for (const [what, wrong, says] of [
    ['a second result', order({ delivered: 2 }), /2 results/],
    ['no result', order({ delivered: 0 }), /0 results and 0 failures/],
    ['an order that never ends', order({ isOver: false }), /is not over/],
    ['a refund beside a result', order({ coins: { funded: 1, returned: 0, refunded: 1 } }), /cost 0 coins for 1 results/],
    ['another page', order({ wrongPages: 1 }), /another page/],
    [
      'an accepted page that is not delivered',
      order({ delivered: 0, failed: 1, coins: refunded.coins }),
      /was accepted, and is not delivered/,
    ],
  ] as const) {
    it(`find ${what}`, () => assert.match(checkResults([wrong], new Set(['KE-1'])).violations.join('\n'), says));
  }
  it('find an order that is gone', () => assert.equal(checkResults([], new Set(['KE-1'])).lost, 1));

  it('find a page that was paid twice, and one that was not paid', () => {
    assert.equal(checkWages({ opening: 10, closing: 15, accepted: 5, unknown: 0 }).holds, true);
    assert.equal(checkWages({ opening: 10, closing: 16, accepted: 5, unknown: 1 }).holds, true);
    assert.equal(checkWages({ opening: 10, closing: 16, accepted: 5, unknown: 0 }).doubled, 1);
    assert.equal(checkWages({ opening: 10, closing: 14, accepted: 5, unknown: 3 }).lost, 1);
  });
});
