/** What goes into each stage of the loop, and how fast the picture moves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowsOf, paceOf } from './stages.ts';

const edge = (name: string, perSecond: number) => ({ name, module: 'test', perSecond, total: 0 });

test('counts of several markets are added; what nobody counts is unknown', () => {
  const flows = flowsOf([edge('orders', 0.5), edge('bookings', 0.25), edge('trades', 12_000)]);
  assert.deepEqual(
    flows.map(({ stage, perSecond }) => `${stage} ${perSecond}`),
    ['order 0.75', 'collect null', 'stream 12000', 'aggregate null', 'price null', 'sell null'],
  );
});

test('the pace follows the rate in powers of ten, and nothing stands still', () => {
  assert.deepEqual([null, 0, 0.01, 0.5, 3, 40, 900, 5_000_000].map(paceOf), [0, 0, 1, 1, 2, 3, 4, 5]);
});
