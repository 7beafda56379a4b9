/** What attempts are counted by, and what is forgotten. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { temporaryState } from '#testkit/temporary-state.ts';
import { peopleMigrations } from '../tables.ts';
import { networkOf, pruneAttempts, takeAttempt } from './attempts.ts';

const rule = { free: 2, firstWaitMs: 1_000, longestWaitMs: 60_000, forgetMs: 3_600_000 };

const openState = (t: TestContext) => temporaryState(t, peopleMigrations);

describe('attempts', () => {
  it('begin anew after a time without one', async (t) => {
    const state = await openState(t);
    const take = (now: number) => state.write((queries) => takeAttempt(queries, 'login:email:x', rule, now));
    assert.deepEqual([await take(0), await take(0), await take(0)], [0, 0, 1_000]);
    assert.equal(await take(rule.forgetMs + 1), 0);
    assert.equal(await take(rule.forgetMs + 1), 0);
    assert.equal(await take(rule.forgetMs + 1), 1_000);
  });

  it('are removed when no rule remembers them, a bounded number at a time', async (t) => {
    const state = await openState(t);
    for (let key = 0; key < 5; key++) await state.write((queries) => takeAttempt(queries, `login:email:${key}`, rule, 0));
    const dayMs = 86_400_000;
    await state.write((queries) => takeAttempt(queries, 'login:email:new', rule, dayMs));
    const prune = () => state.write((queries) => pruneAttempts(queries, dayMs + 1, 3));
    assert.deepEqual([await prune(), await prune(), await prune()], [3, 2, 0]);
  });
});

describe('the network of an address', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ] as const) {
    it(`${address} is ${network}`, () => assert.equal(networkOf(address), network));
  }
});
