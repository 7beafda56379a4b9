/** Which page of the stocks an address means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '#web/routing/router.ts';
import { companyPath, stocksPageAt } from './addresses.ts';

const pageAt = (path: string) => stocksPageAt(partsOf(path));

test('the market answers at the front door and at /stocks, with or without a slash', () => {
  for (const path of ['/', '/stocks', '/stocks/']) assert.deepEqual(pageAt(path), { page: 'market' });
});

test('a company is found by its code, however it is written', () => {
  assert.deepEqual(pageAt('/stocks/BRK.A'), { page: 'company', code: 'BRK.A' });
  assert.deepEqual(pageAt('/stocks/msft/'), { page: 'company', code: 'MSFT' });
  assert.deepEqual(pageAt(companyPath('A&B/C')), { page: 'company', code: 'A&B/C' });
  assert.deepEqual(pageAt('/stocks/%'), { page: 'company', code: '%' });
});

test('nothing stands below a company', () => {
  assert.equal(pageAt('/stocks/MSFT/bars'), undefined);
});
