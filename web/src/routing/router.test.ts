/** Which area a path belongs to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaAt, partsOf } from './router.ts';

const stocks = { owns: ['stocks'] };
const shop = { owns: ['shop'] };
const people = { owns: ['account', 'sign-up'] };
const areaOf = (path: string) => areaAt(path, [stocks, shop, people], stocks);

test('the front area is at `/` and at its own paths, with or without a trailing slash', () => {
  for (const path of ['/', '/stocks', '/stocks/', '/stocks/MSFT']) assert.equal(areaOf(path), stocks);
});

test('an area is at all paths that begin with its parts', () => {
  assert.equal(areaOf('/shop/products/green-tea/'), shop);
  assert.equal(areaOf('/sign-up'), people);
});

test('other paths have no area', () => {
  for (const path of ['/stock', '/x/y', '/constructor']) assert.equal(areaOf(path), undefined);
});

test('parts are decoded; an invalid escape stays as it is', () => {
  assert.deepEqual(partsOf('/shop/products/green-tea/'), ['shop', 'products', 'green-tea']);
  assert.deepEqual(partsOf('/stocks/A%26B%2FC'), ['stocks', 'A&B/C']);
  assert.deepEqual(partsOf('/stocks/%'), ['stocks', '%']);
});
