/** Leases are counted together by work and holder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupedLeases } from './leases.ts';

test('leases of the same work and holder are one line; a single one keeps its whole name', () => {
  const leases = [
    { name: 'auditor', process: 'p1' },
    { name: 'stocks-publisher:MSFT', process: 'p1' },
    { name: 'stocks-publisher:TSLA', process: 'p1' },
    { name: 'stocks-publisher:AAPL', process: null },
  ];
  assert.deepEqual(groupedLeases(leases), [
    { work: 'auditor', count: 1, process: 'p1' },
    { work: 'stocks-publisher', count: 2, process: 'p1' },
    { work: 'stocks-publisher:AAPL', count: 1, process: null },
  ]);
});
