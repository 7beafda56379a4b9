/** The market's and the batches' stores take news in whatever order it comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFailure } from '#web/api/api.ts';
import { BatchesStore, batchesKept } from './batches-store.ts';
import { MarketStore } from './market-store.ts';
import { sampleBatch, sampleSummary } from './sample.ts';

const atOnce = (work: () => void) => work();
const numbers = (store: BatchesStore) => store.newest.get()?.map(({ number }) => number);

test('older news about a company is left out', () => {
  const store = new MarketStore(atOnce);
  store.replace([sampleSummary({ position: 10, lastPriceCents: 100 })], 'e1');
  store.merge([sampleSummary({ position: 9, lastPriceCents: 90 })]);
  assert.equal(store.quotes.get('MSFT')?.summary.lastPriceCents, 100);
});

test('the tick says where the price last moved, and stays when it stands still', () => {
  const store = new MarketStore(atOnce);
  const ticks = [100, 101, 101, 99].map((lastPriceCents, index) => {
    store.merge([sampleSummary({ position: index + 1, lastPriceCents })]);
    return store.quotes.get('MSFT')?.tick;
  });
  assert.deepEqual(ticks, ['same', 'up', 'up', 'down']);
});

test('in a new epoch lower positions count, and companies that are gone go', () => {
  const store = new MarketStore(atOnce);
  store.replace([sampleSummary({ position: 500 }), sampleSummary({ company: 'OLD' })], 'e1');
  store.replace([sampleSummary({ position: 3 })], 'e2');
  assert.deepEqual(store.quotes.keys(), ['MSFT']);
  assert.equal(store.quotes.get('MSFT')?.summary.position, 3);
});

test('batches come newest first, once each, and only so many are kept', () => {
  const store = new BatchesStore(atOnce);
  assert.equal(store.newest.get(), undefined);
  store.replace([sampleBatch(1), sampleBatch(2)]);
  store.append([sampleBatch(2), sampleBatch(3)]);
  assert.deepEqual(numbers(store), [3, 2, 1]);
  store.append(Array.from({ length: 100 }, (_, index) => sampleBatch(index + 4)));
  assert.equal(numbers(store)?.length, batchesKept);
  assert.equal(numbers(store)?.[0], 103);
});

test('a market that could not be loaded says why, until anything is heard of it', () => {
  const store = new MarketStore(atOnce);
  assert.equal(store.news.get(), undefined);
  const failure = new RequestFailure(503, 'busy');
  store.failed(failure);
  assert.equal(store.news.get(), failure);
  store.replace([], 'e1');
  assert.equal(store.news.get(), 'heard');
  store.failed(failure);
  assert.equal(store.news.get(), 'heard');
});
