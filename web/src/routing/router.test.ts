/** Which page an address means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { companyPath, pageAt } from './router.ts';

test('the market answers at the front door and at /stocks, with or without a slash', () => {
  for (const path of ['/', '/stocks', '/stocks/']) assert.deepEqual(pageAt(path), { page: 'stocks' });
});

test('a company is found by its code, however it is written', () => {
  assert.deepEqual(pageAt('/stocks/BRK.A'), { page: 'company', code: 'BRK.A' });
  assert.deepEqual(pageAt('/stocks/msft/'), { page: 'company', code: 'MSFT' });
  assert.deepEqual(pageAt(companyPath('A&B/C')), { page: 'company', code: 'A&B/C' });
  assert.deepEqual(pageAt('/stocks/%'), { page: 'company', code: '%' });
});

test('anything else is no page of ours', () => {
  for (const path of ['/stock', '/stocks/MSFT/bars', '/x/y']) assert.deepEqual(pageAt(path), { page: 'unknown', path });
});

test('an area is given the parts of its address', () => {
  assert.deepEqual(pageAt('/shop/products/green-tea/'), { page: 'area', area: 'shop', parts: ['shop', 'products', 'green-tea'] });
  assert.deepEqual(pageAt('/sign-up'), { page: 'area', area: 'people', parts: ['sign-up'] });
  assert.deepEqual(pageAt('/constructor'), { page: 'unknown', path: '/constructor' });
});
