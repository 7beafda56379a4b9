/** `next` leads to pages of the app only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownPath, withNext } from './next.ts';

test('paths of the app are accepted, other addresses are not', () => {
  assert.equal(ownPath('/shop/cart?x=1'), '/shop/cart?x=1');
  for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example', 'shop', '', null, undefined])
    assert.equal(ownPath(foreign), undefined, String(foreign));
});

test('a path carries the next page', () => {
  assert.equal(withNext('/login', '/shop/cart?x=1'), '/login?next=%2Fshop%2Fcart%3Fx%3D1');
  assert.equal(withNext('/login', undefined), '/login');
});
