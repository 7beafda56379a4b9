/** Problems are read from failed answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemIn, RequestFailure } from './api.ts';

test('the message is the detail, otherwise the title, otherwise empty', () => {
  assert.equal(problemIn('{"title":"Not allowed","detail":"Only the owner may"}').message, 'Only the owner may');
  assert.equal(problemIn('{"title":"Not allowed"}').message, 'Not allowed');
  assert.equal(problemIn('{"title":7}').message, '');
  assert.equal(problemIn('<html>').message, '');
});

test('a request without an answer and a server error are retryable, a wrong request is not', () => {
  const again = [0, 404, 400, 429, 500, 503].map((status) => new RequestFailure(status, '').retryable);
  assert.deepEqual(again, [true, false, false, true, true, true]);
});

test('invalid fields are read, and malformed ones are ignored', () => {
  const field = { field: 'email', message: 'must be an address' };
  assert.deepEqual(problemIn(JSON.stringify({ errors: [field, { field: 7 }, null] })).fields, [field]);
  assert.deepEqual(problemIn('{"errors":"none"}').fields, []);
  assert.deepEqual(problemIn('<html>').fields, []);
});

test('the reason is read with its values, and a malformed one is ignored', () => {
  const reason = { name: 'few-left', values: { left: 3 } };
  assert.deepEqual(problemIn(JSON.stringify({ code: 'conflict', reason })), { message: '', code: 'conflict', reason, fields: [] });
  for (const wrong of ['few-left', null, { name: 7, values: {} }, { name: 'few-left' }])
    assert.equal(problemIn(JSON.stringify({ reason: wrong })).reason, undefined);
});
