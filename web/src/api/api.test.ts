/** What is read out of a refusal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemFields, problemSays, RequestFailure } from './api.ts';

test('a problem says its detail, or else its title, or nothing', () => {
  assert.equal(problemSays('{"title":"Not allowed","detail":"Only the owner may"}'), 'Only the owner may');
  assert.equal(problemSays('{"title":"Not allowed"}'), 'Not allowed');
  assert.equal(problemSays('{"title":7}'), '');
  assert.equal(problemSays('<html>'), '');
});

test('asking again helps when nobody answered or the server is in trouble, not when the request was wrong', () => {
  const again = [0, 404, 400, 429, 500, 503].map((status) => new RequestFailure(status, '').retryable);
  assert.deepEqual(again, [true, false, false, true, true, true]);
});

test('the fields at fault are told, and anything else in their place is left out', () => {
  const field = { field: 'email', message: 'must be an address' };
  assert.deepEqual(problemFields(JSON.stringify({ errors: [field, { field: 7 }, null] })), [field]);
  assert.deepEqual(problemFields('{"errors":"none"}'), []);
  assert.deepEqual(problemFields('<html>'), []);
});
