/** What is read out of a refusal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemIn, RequestFailure } from './api.ts';

test('a problem says its detail, or else its title, or nothing', () => {
  assert.equal(problemIn('{"title":"Not allowed","detail":"Only the owner may"}').message, 'Only the owner may');
  assert.equal(problemIn('{"title":"Not allowed"}').message, 'Not allowed');
  assert.equal(problemIn('{"title":7}').message, '');
  assert.equal(problemIn('<html>').message, '');
});

test('asking again helps when nobody answered or the server is in trouble, not when the request was wrong', () => {
  const again = [0, 404, 400, 429, 500, 503].map((status) => new RequestFailure(status, '').retryable);
  assert.deepEqual(again, [true, false, false, true, true, true]);
});

test('the fields at fault are told, and anything else in their place is left out', () => {
  const field = { field: 'email', message: 'must be an address' };
  assert.deepEqual(problemIn(JSON.stringify({ errors: [field, { field: 7 }, null] })).fields, [field]);
  assert.deepEqual(problemIn('{"errors":"none"}').fields, []);
  assert.deepEqual(problemIn('<html>').fields, []);
});

test('the reason is told with what it tells, and anything else in its place is left out', () => {
  const reason = { name: 'few-left', values: { left: 3 } };
  assert.deepEqual(problemIn(JSON.stringify({ code: 'conflict', reason })), { message: '', code: 'conflict', reason, fields: [] });
  for (const wrong of ['few-left', null, { name: 7, values: {} }, { name: 'few-left' }])
    assert.equal(problemIn(JSON.stringify({ reason: wrong })).reason, undefined);
});
