/** A time goes into the date field and comes out of it unchanged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMsOf, localTimeOf } from './local-time.ts';

test('a time to the minute survives the field', () => {
  const at = new Date(2026, 0, 5, 7, 3).getTime();
  assert.equal(localTimeOf(at), '2026-01-05T07:03');
  assert.equal(epochMsOf(localTimeOf(at)), at);
});

test('no time is an empty field', () => {
  assert.equal(localTimeOf(null), '');
  assert.equal(epochMsOf(''), null);
});
