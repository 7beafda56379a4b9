/** A request that is repeated after a lost answer keeps its key; a new request gets a new key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestKeys } from './request-key.ts';

function counted(): RequestKeys {
  let count = 0;
  return new RequestKeys(() => `key-${++count}`);
}

test('the same request keeps its key until it is done', () => {
  const keys = counted();
  assert.equal(keys.keyFor({ amount: 5 }), 'key-1');
  assert.equal(keys.keyFor({ amount: 5 }), 'key-1');
  keys.done();
  assert.equal(keys.keyFor({ amount: 5 }), 'key-2');
});

test('another request gets another key', () => {
  const keys = counted();
  assert.equal(keys.keyFor({ amount: 5 }), 'key-1');
  assert.equal(keys.keyFor({ amount: 6 }), 'key-2');
});
