/** `next` leads to pages of the app only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextFrom, ownPath, withNext } from './next.ts';

test('paths of the app are accepted, other addresses are not', () => {
  assert.equal(ownPath('/shop/cart?x=1'), '/shop/cart?x=1');
  for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example', 'shop', '', null, undefined])
    assert.equal(ownPath(foreign), undefined, String(foreign));
});

test('a path carries the next page', () => {
  assert.equal(withNext('/login', '/shop/cart?x=1'), '/login?next=%2Fshop%2Fcart%3Fx%3D1');
  assert.equal(withNext('/login', undefined), '/login');
});

test('a login returns to the page with its query, but not to a page on the way in', () => {
  const from = (address: string) => {
    const { pathname, searchParams } = new URL(address, 'http://kontor.example');
    return nextFrom(pathname, searchParams);
  };
  assert.equal(from('/shop?text=tea&sort=price'), '/shop?text=tea&sort=price');
  assert.equal(from('/account'), '/account');
  assert.equal(from('/login?next=%2Fwallet'), '/wallet');
  assert.equal(from('/account/reset'), undefined);
  assert.equal(from('/sign-up?next=//evil.example'), undefined);
});
