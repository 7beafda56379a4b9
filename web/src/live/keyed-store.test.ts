/** Listeners are called for their own key, once per frame. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedStore } from './keyed-store.ts';

function store() {
  const pending: (() => void)[] = [];
  const values = new KeyedStore<number>((work) => pending.push(work));
  const picture = () => {
    for (const work of pending.splice(0)) work();
  };
  return { values, picture, pending };
}

test('several changes before a frame call each listener once, and only for its key', () => {
  const { values, picture, pending } = store();
  let [left, right] = [0, 0];
  values.subscribe('left', () => (left += 1));
  values.subscribe('right', () => (right += 1));
  values.set('left', 1);
  values.set('left', 2);
  assert.equal(pending.length, 1);
  assert.equal(left, 0);
  picture();
  assert.deepEqual([left, right, values.get('left')], [1, 0, 2]);
});

test('the list of keys changes only when a key is added or deleted', () => {
  const { values, picture } = store();
  let told = 0;
  values.subscribeKeys(() => (told += 1));
  values.set('left', 1);
  picture();
  const keys = values.keys();
  values.set('left', 2);
  picture();
  assert.equal(values.keys(), keys);
  values.delete('left');
  picture();
  assert.deepEqual([values.keys(), told], [[], 2]);
});

test('an unsubscribed listener is not called', () => {
  const { values, picture } = store();
  let told = 0;
  const leave = values.subscribe('left', () => (told += 1));
  leave();
  values.set('left', 1);
  picture();
  assert.equal(told, 0);
});
