/** Aircraft: layouts that seats can be named by, and how many there are. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aircraftOf, aircraftTypes, seatCount } from './aircraft.ts';

it('counts the seats of each cabin', () => {
  const a320 = aircraftOf('A320');
  assert.ok(a320);
  assert.equal(seatCount(a320, 'business'), 16);
  assert.equal(seatCount(a320, 'economy'), 150);
  const turboprop = aircraftOf('ATR72');
  assert.ok(turboprop);
  assert.equal(seatCount(turboprop, 'business'), 0);
  assert.equal(aircraftOf('C172'), undefined);
});

it('has rows that do not overlap, letters that a seat can have, and exits within the cabin', () => {
  for (const { code, cabins } of aircraftTypes) {
    let before = 0;
    for (const { firstRow, lastRow, columns, exitRows } of cabins) {
      assert.ok(before < firstRow && firstRow <= lastRow && lastRow <= 99, code);
      before = lastRow;
      const letters = columns.filter((letter) => letter !== null);
      assert.deepEqual(letters, [...new Set(letters)].sort(), code);
      assert.match(letters.join(''), /^[A-HJK]+$/, code);
      for (const row of exitRows) assert.ok(row >= firstRow && row <= lastRow, code);
    }
  }
});
