/** Sorting, searching and movers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchSizeOf } from './batch-size.ts';
import { buyShare, daySpread, firstSorting, movers, orderedCompanies, pressed, sortingFrom, sortingText } from './order.ts';
import { sampleSummary } from './sample.ts';

const companies = [
  sampleSummary({
    company: 'TSLA',
    name: 'Tesla',
    sector: 'Vehicles',
    lastPriceCents: 300,
    changeBasisPoints: -50,
    dayVolume: 10,
    dayLowCents: 200,
    dayHighCents: 400,
  }),
  sampleSummary({
    company: 'AAPL',
    name: 'Apple',
    sector: 'Devices',
    lastPriceCents: 100,
    changeBasisPoints: 20,
    dayVolume: 30,
    dayLowCents: 100,
    dayHighCents: 110,
  }),
  sampleSummary({
    company: 'NEW',
    name: 'Newcomer',
    sector: 'Other',
    lastPriceCents: 200,
    changeBasisPoints: null,
    dayVolume: 0,
    dayLowCents: null,
    dayHighCents: null,
  }),
];

test('companies are sorted by each key, and the unknown comes last either way', () => {
  const order = (text: string) => orderedCompanies(companies, sortingFrom(text), '').join();
  assert.equal(order(''), 'AAPL,NEW,TSLA');
  assert.equal(order('-company'), 'TSLA,NEW,AAPL');
  assert.equal(order('price'), 'AAPL,NEW,TSLA');
  assert.equal(order('-change'), 'AAPL,TSLA,NEW');
  assert.equal(order('change'), 'TSLA,AAPL,NEW');
  assert.equal(order('-volume'), 'AAPL,TSLA,NEW');
  assert.equal(order('-spread'), 'TSLA,AAPL,NEW');
});

test('names, codes and sectors are searched, however they are written', () => {
  const found = (text: string) => orderedCompanies(companies, firstSorting, text).join();
  assert.equal(found(' tes '), 'TSLA');
  assert.equal(found('aapl'), 'AAPL');
  assert.equal(found('vehi'), 'TSLA');
  assert.equal(found('nothing'), '');
  assert.equal(orderedCompanies(companies, firstSorting, '', new Set(['TSLA', 'GONE'])).join(), 'TSLA');
});

test('a sorting survives the address, and an unknown one is the first', () => {
  for (const text of ['', '-company', 'price', '-change']) assert.equal(sortingText(sortingFrom(text)), text);
  assert.deepEqual(sortingFrom('weight'), firstSorting);
  assert.deepEqual(sortingFrom(null), firstSorting);
});

test('a pressed column starts with the biggest, names with A; pressed again it turns round', () => {
  assert.deepEqual(pressed(firstSorting, 'change'), { key: 'change', descending: true });
  assert.deepEqual(pressed({ key: 'change', descending: true }, 'change'), { key: 'change', descending: false });
  assert.deepEqual(pressed({ key: 'change', descending: true }, 'company'), firstSorting);
});

test('movers are the best and the worst', () => {
  const many = Array.from({ length: 9 }, (_, index) =>
    sampleSummary({ company: `C${index}`, name: `C${index}`, changeBasisPoints: index }),
  );
  assert.deepEqual(
    movers(many, 4).map(({ company }) => company),
    ['C8', 'C7', 'C1', 'C0'],
  );
  assert.equal(movers(companies, 16).length, 3);
});

test('the spread of the day is a part of the lowest price', () => {
  assert.equal(daySpread({ dayLowCents: 200, dayHighCents: 250 }), 0.25);
  assert.equal(daySpread({ dayLowCents: null, dayHighCents: null }), null);
});

test('without volume there is no share of buys', () => {
  assert.equal(buyShare({ dayVolume: 0, dayBuyVolume: 0 }), null);
  assert.equal(buyShare({ dayVolume: 10, dayBuyVolume: 9 }), 0.9);
});

test('the size of a batch is read from the books, and usual until one has closed', () => {
  assert.equal(batchSizeOf({ position: 1_130, openTrades: 130, batches: 4 }), 250);
  assert.equal(batchSizeOf({ position: 130, openTrades: 130, batches: 0 }), 1_000);
});

test('a company that hardly trades is no mover, unless none trades more', () => {
  const often = sampleSummary({ company: 'OFTEN', changeBasisPoints: 10, dayTrades: 5_000 });
  const rarely = sampleSummary({ company: 'RARELY', changeBasisPoints: -5_000, dayTrades: 3 });
  assert.deepEqual(
    movers([rarely, often], 16).map((mover) => mover.company),
    ['OFTEN'],
  );
  assert.deepEqual(
    movers([rarely], 16).map((mover) => mover.company),
    ['RARELY'],
  );
});
