/** The key of a purchase outlives the page until it is known what became of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptKey, type KeyStorage } from './kept-key.ts';

const dayMs = 24 * 3_600_000;

function browserWith(stored = new Map<string, string>()) {
  const storage: KeyStorage = {
    read: (name) => stored.get(name),
    write: (name, value) => stored.set(name, value),
    forget: (name) => stored.delete(name),
  };
  const clock = { now: 1_000 };
  let count = 0;
  const open = (name = 'checkout.ann') =>
    new KeptKey(
      name,
      storage,
      () => String(++count).padStart(32, '0'),
      () => clock.now,
    );
  return { open, stored, clock };
}

test('a key is the same until the request is resolved, also after a reload', () => {
  const { open } = browserWith();
  const before = open();
  assert.equal(before.pending(), undefined);
  const key = before.take();
  assert.equal(before.take(), key);
  const reloaded = open();
  assert.equal(reloaded.pending(), key);
  assert.equal(reloaded.take(), key);
  reloaded.forget();
  assert.equal(open().pending(), undefined);
  assert.notEqual(open().take(), key);
});

test('another account has keys of its own', () => {
  const { open } = browserWith();
  const key = open('checkout.ann').take();
  assert.equal(open('checkout.bob').pending(), undefined);
  assert.notEqual(open('checkout.bob').take(), key);
});

test('a key that the house has forgotten, or that is malformed, is not used', () => {
  const { open, stored, clock } = browserWith();
  const key = open().take();
  clock.now += 7 * dayMs;
  assert.equal(open().pending(), undefined);
  assert.notEqual(open().take(), key);
  for (const name of stored.keys()) stored.set(name, 'x');
  assert.equal(open().pending(), undefined);
});

test('without storage the key lasts as long as the page', () => {
  const storage: KeyStorage = { read: () => undefined, write: () => {}, forget: () => {} };
  const kept = new KeptKey(
    'checkout.ann',
    storage,
    () => 'a'.repeat(32),
    () => 0,
  );
  const key = kept.take();
  assert.equal(kept.pending(), key);
  kept.forget();
  assert.equal(kept.pending(), undefined);
});
