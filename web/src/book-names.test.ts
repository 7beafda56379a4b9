/** The books name areas without knowing them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountName, addBookNames, instrumentOf, memoText, pageOf, waysToEarn } from './book-names.ts';

addBookNames([
  {
    accounts: { 'revenue:fish': { en: 'The fish market', de: 'Der Fischmarkt' } },
    memos: { 'Catch …': { en: '', de: '' } },
    pages: { KX: '/fish/catches' },
    instruments: {
      prefix: 'FISH',
      market: { en: 'Kontor Fish', de: 'Kontor-Fisch' },
      path: '/fish',
      kinds: { COD: { path: '/fish?kind=cod', name: { en: 'Cod', de: 'Kabeljau' } } },
    },
  },
  { earning: { path: '/fish/earn', name: { en: 'Fish', de: 'Fischen' } } },
]);

test('accounts, memos and ids are named by their area', () => {
  assert.equal(accountName('revenue:fish', 'de'), 'Der Fischmarkt');
  assert.equal(accountName('revenue:none', 'de'), undefined);
  assert.equal(memoText('Catch …', 'en'), '');
  assert.equal(memoText('Other …', 'en'), undefined);
  assert.equal(pageOf('KX-1234-5678-9ABC'), '/fish/catches/KX-1234-5678-9ABC');
  assert.equal(pageOf('KO-1234-5678-9ABC'), undefined);
  assert.deepEqual(
    waysToEarn().map(({ path }) => path),
    ['/fish/earn'],
  );
});

test('an instrument is named after its market and its kind, a company is none', () => {
  assert.deepEqual(instrumentOf('FISH.COD', 'en'), { name: 'Kontor Fish, Cod', path: '/fish?kind=cod', market: 'Kontor Fish' });
  assert.deepEqual(instrumentOf('FISH.EEL', 'de'), { name: 'Kontor-Fisch, EEL', path: '/fish', market: 'Kontor-Fisch' });
  for (const code of ['FISH', 'ACME', 'FOREIGN.COD', 'FISHY.COD']) assert.equal(instrumentOf(code, 'en'), undefined);
});
