/** Seats: who sits where when nobody chose, which seat is offered in place of another, and that no seat is given twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { aircraftOf, aircraftTypes, seatCount } from './aircraft.ts';
import { cabins } from './cabins.ts';
import { FreeSeats, seatsOf } from './seats.ts';

const free = (taken: readonly string[] = [], aircraft = 'A320') => new FreeSeats(aircraft, 'economy', new Set(taken));

/** Of economy in an A320, from row to row. */
function rows(first: number, last: number, letters = 'ABCDEF'): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [...letters].map((letter) => `${first + index}${letter}`)).flat();
}

describe('the seats of an aircraft', () => {
  it('are as many as its cabins have, each with its place', () => {
    for (const aircraft of aircraftTypes) {
      const seats = seatsOf(aircraft);
      const counted = cabins.reduce((sum, cabin) => sum + seatCount(aircraft, cabin), 0);
      assert.equal(new Set(seats.map(({ seat }) => seat)).size, counted);
    }
    const a330 = aircraftOf('A330');
    assert.ok(a330);
    const row = seatsOf(a330).filter((seat) => seat.row === 36);
    assert.equal(
      row.map(({ seat, place }) => `${seat} ${place}`).join(', '),
      '36A window, 36C aisle, 36D aisle, 36E middle, 36F middle, 36G aisle, 36H aisle, 36K window',
    );
    assert.ok(row.every(({ exitRow }) => exitRow));
  });
});

describe('seats for those who chose none', () => {
  it('are neighbours, without an aisle between them where that is possible', () => {
    assert.deepEqual(free().assign(3, []), ['6A', '6B', '6C']);
    assert.deepEqual(free(['6A']).assign(3, []), ['6D', '6E', '6F']);
    assert.deepEqual(free(['6A', '6F']).assign(3, []), ['7A', '7B', '7C']);
    assert.deepEqual(free([...rows(6, 29), '30A', '30F']).assign(3, []), ['30B', '30C', '30D']);
    assert.deepEqual(free(rows(6, 28)).assign(9, []), [...rows(29, 29), '30A', '30B', '30C']);
  });

  it('are near those that others of the booking chose', () => {
    assert.deepEqual(free().assign(1, ['20C']), ['20B']);
    assert.deepEqual(free(['20B']).assign(1, ['20A']), ['20C']);
    assert.deepEqual(free(rows(20, 20)).assign(1, ['20C']), ['19C']);
  });

  it('are at a window or an aisle for one alone, and not in an exit row, as long as there are others', () => {
    assert.deepEqual(free().assign(1, []), ['6A']);
    assert.deepEqual(free(['6A']).assign(1, []), ['6C']);
    assert.deepEqual(free([...rows(6, 11), ...rows(14, 29), ...rows(30, 30, 'ABCDF')]).assign(1, []), ['30E']);
    assert.deepEqual(free([...rows(6, 11), ...rows(14, 30)]).assign(1, []), ['12A']);
  });

  it('are scattered over the cabin rather than refused, and refused only when there are fewer', () => {
    const taken = rows(6, 30).filter((seat) => !['7A', '18F', '30C'].includes(seat));
    assert.deepEqual(free(taken).assign(3, []), ['7A', '18F', '30C']);
    assert.equal(free(taken).assign(4, []), undefined);
    assert.equal(free(taken).assign(3, ['7A']), undefined);
    assert.deepEqual(free(rows(6, 30)).assign(0, []), []);
  });

  it('are always free ones, each once', () => {
    const everything = rows(6, 30);
    const property = fastCheck.property(
      fastCheck.subarray([...everything]),
      fastCheck.integer({ min: 1, max: 9 }),
      fastCheck.integer({ min: 0, max: 9 }),
      (taken, count, choosing) => {
        const seats = free(taken);
        const chosen = everything.filter((seat) => seats.isFree(seat)).slice(0, choosing);
        const given = seats.assign(count, chosen);
        assert.equal(given === undefined, everything.length - taken.length - chosen.length < count);
        if (given === undefined) return;
        assert.equal(new Set([...given, ...chosen]).size, count + chosen.length);
        assert.ok(given.every((seat) => seats.isFree(seat)));
        seats.take(given);
        assert.ok(!given.some((seat) => seats.isFree(seat)));
      },
    );
    fastCheck.assert(property, { numRuns: 50 });
  });
});

describe('the seat that is offered in place of another', () => {
  it('is most like it: of the same kind, in an exit row or not, and near', () => {
    assert.equal(free(['20A']).nextTo('20A', []), '19A');
    assert.equal(free(['20A']).nextTo('20A', ['19A', '21A']), '20F');
    assert.equal(free(['12A']).nextTo('12A', []), '13A');
    assert.equal(free(['20B']).nextTo('20B', ['20E']), '19B');
    assert.equal(free(rows(6, 30)).nextTo('20B', []), undefined);
    assert.equal(free().nextTo('99A', []), undefined);
  });
});
