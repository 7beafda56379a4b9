/** Rows of seats, and who sits where. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeatMap } from '#modules/flights/api/booking/contracts.ts';
import { nextWithoutSeat, rowsOf, seated, stillFree } from './seat-rows.ts';

const seat = (name: string, cabin: 'economy' | 'business', free = true) =>
  ({ seat: name, cabin, free, place: 'window', exitRow: name.startsWith('11') }) as const;
const map: SeatMap = {
  flightId: 'KO1-20261201',
  aircraft: 'Test',
  layouts: [
    { cabin: 'business', columns: ['A', null, 'C'] },
    { cabin: 'economy', columns: ['A', 'B', null, 'C'] },
  ],
  seats: [
    seat('1A', 'business'),
    seat('1C', 'business'),
    seat('10A', 'economy'),
    seat('10B', 'economy', false),
    seat('10C', 'economy'),
    seat('11A', 'economy'),
  ],
};

test('a cabin is drawn row by row, with its aisle and its gaps', () => {
  const { columns, rows } = rowsOf(map, 'economy');
  assert.deepEqual(columns, ['A', 'B', null, 'C']);
  assert.deepEqual(
    rows.map(({ number, exit, seats }) => [number, exit, ...seats.map((place) => place?.seat)]),
    [
      ['10', false, '10A', '10B', undefined, '10C'],
      ['11', true, '11A', undefined, undefined, undefined],
    ],
  );
  assert.equal(rowsOf(map, 'business').rows.length, 1);
});

test('a seat belongs to one passenger, and is let go when it is pressed again', () => {
  assert.deepEqual(seated([null, null], 0, '10A'), ['10A', null]);
  assert.deepEqual(seated(['10A', null], 1, '10A'), [null, '10A']);
  assert.deepEqual(seated(['10A', null], 0, '10A'), [null, null]);
});

test('the next passenger without a seat chooses next', () => {
  assert.equal(nextWithoutSeat(['10A', null, null], 0), 1);
  assert.equal(nextWithoutSeat([null, '10A', '10C'], 2), 0);
  assert.equal(nextWithoutSeat(['10A', '10B'], 1), 1);
});

test('a seat that was taken meanwhile is chosen no longer', () => {
  assert.deepEqual(stillFree(['10A', '10B', null], map), ['10A', null, null]);
});
