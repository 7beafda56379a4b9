/** The arithmetic that the page shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demandFactor, salesFactor, unlimitedTarget } from './arithmetic.ts';

test('full demand and full sales raise the base by 20 and 57 percent', () => {
  assert.equal(demandFactor(1_000_000).toFixed(3), '1.197');
  assert.equal(salesFactor(1_000_000).toFixed(3), '1.568');
  assert.equal(unlimitedTarget({ base: 100, demand: 0, sales: 0 }), 100);
  assert.equal(unlimitedTarget({ base: 100, demand: 1_000_000, sales: -1_000_000 }).toFixed(2), (100 * Math.exp(0.18 - 0.45)).toFixed(2));
});
