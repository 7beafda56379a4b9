/** Which area an address belongs to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaAt, partsOf } from './router.ts';

const stocks = { owns: ['stocks'] };
const shop = { owns: ['shop'] };
const people = { owns: ['account', 'sign-up'] };
const areaOf = (path: string) => areaAt(path, [stocks, shop, people], stocks);

test('the front area answers at the front door and at its own address, with or without a slash', () => {
  for (const path of ['/', '/stocks', '/stocks/', '/stocks/MSFT']) assert.equal(areaOf(path), stocks);
});

test('an area answers at all addresses that begin with its parts', () => {
  assert.equal(areaOf('/shop/products/green-tea/'), shop);
  assert.equal(areaOf('/sign-up'), people);
});

test('anything else is no page of ours', () => {
  for (const path of ['/stock', '/x/y', '/constructor']) assert.equal(areaOf(path), undefined);
});

test('an address has decoded parts; a lone % stays as it is', () => {
  assert.deepEqual(partsOf('/shop/products/green-tea/'), ['shop', 'products', 'green-tea']);
  assert.deepEqual(partsOf('/stocks/A%26B%2FC'), ['stocks', 'A&B/C']);
  assert.deepEqual(partsOf('/stocks/%'), ['stocks', '%']);
});
