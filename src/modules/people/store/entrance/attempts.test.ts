/** Counting attempts, and forgetting them. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { temporaryState } from '#testkit/temporary-state.ts';
import { removeExpired } from '../expired.ts';
import { peopleMigrations } from '../tables.ts';
import { takeAttempt } from './attempts.ts';

const limits = { idleMs: 1_000, longestMs: 1_000 };
const sessionRules = { member: limits, admin: limits, adminsNeedSecondFactor: false };
const rule = { free: 2, firstWaitMs: 1_000, longestWaitMs: 60_000, forgetMs: 3_600_000 };

const openState = (t: TestContext) => temporaryState(t, peopleMigrations);

describe('attempts', () => {
  it('are counted anew after a time without one', async (t) => {
    const state = await openState(t);
    const take = (now: number) => state.write((queries) => takeAttempt(queries, 'login:email:x', rule, now));
    assert.deepEqual([await take(0), await take(0), await take(0)], [0, 0, 1_000]);
    assert.equal(await take(rule.forgetMs + 1), 0);
    assert.equal(await take(rule.forgetMs + 1), 0);
    assert.equal(await take(rule.forgetMs + 1), 1_000);
  });

  it('are removed when no rule needs them, a bounded number at a time', async (t) => {
    const state = await openState(t);
    for (let key = 0; key < 5; key++) await state.write((queries) => takeAttempt(queries, `login:email:${key}`, rule, 0));
    const dayMs = 86_400_000;
    await state.write((queries) => takeAttempt(queries, 'login:email:new', rule, dayMs));
    const prune = () => state.write((queries) => removeExpired(queries, sessionRules, dayMs + 1, { atOnce: 3 }));
    assert.deepEqual([await prune(), await prune(), await prune()], [3, 2, 0]);
  });
});
