/** How far a pull has come, and what its clock shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pull } from '#modules/overview/api/schemas.ts';
import { elapsedMs, stepsOf } from './progress.ts';

const running: Pull = {
  id: 'p1',
  kind: 'stop-role',
  target: 'relay',
  state: 'running',
  askedAt: 900,
  pulledAt: 1_000,
  noticedMs: 200,
  takenOverMs: null,
  leases: 1,
  recoveredMs: null,
  auditedMs: null,
  verdict: null,
  why: null,
};
const states = (pull?: Pull) => stepsOf(pull).map(({ state }) => state);

test('the first step that has not happened is under way', () => {
  assert.deepEqual(states(running), ['done', 'done', 'under-way', 'to-come', 'to-come']);
});

test('a part without leases needs nobody to take over', () => {
  assert.deepEqual(states({ ...running, leases: 0 }), ['done', 'done', 'unneeded', 'under-way', 'to-come']);
});

test('a part that went on before anybody noticed needed nobody to notice', () => {
  const unnoticed = { ...running, noticedMs: null, leases: 0, recoveredMs: 8_000 };
  assert.deepEqual(states(unnoticed), ['done', 'unneeded', 'unneeded', 'done', 'under-way']);
});

test('nothing is under way before the first pull, and after a failed one', () => {
  assert.deepEqual(states(undefined), Array(5).fill('to-come'));
  assert.ok(!states({ ...running, state: 'failed' }).includes('under-way'));
});

test('the clock runs with the house, and stops at the audit', () => {
  assert.equal(elapsedMs(running, 3_500), 2_500);
  assert.equal(elapsedMs({ ...running, state: 'done', recoveredMs: 3_000, auditedMs: 4_200 }, 99_000), 4_200);
  assert.equal(elapsedMs({ ...running, pulledAt: null }, 3_500), null);
  assert.equal(elapsedMs(undefined, 3_500), null);
});
