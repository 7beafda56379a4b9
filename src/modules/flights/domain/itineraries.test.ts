/** Itineraries: joined like by hand, priced with enough seats, in an order without ties. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { minConnectionMs } from './connection.ts';
import { comparePlaces, leavesBetween, maxConnectionMs, nonstop, placeOf, priced, type TimedFlight, withOneChange } from './itineraries.ts';

const minute = 60_000;
const changes = ['MUC', 'FRA', 'CDG'] as const;
const minutes = (most: number) => fastCheck.integer({ min: 0, max: most });
const times = fastCheck.record({ change: fastCheck.constantFrom(...changes), departs: minutes(1_440), flies: minutes(300) });

function flightsOut(all: readonly { change: string; departs: number; flies: number }[], shift: number, isFirst: boolean): TimedFlight[] {
  return all.map(({ change, departs, flies }, index) => ({
    id: `${isFirst ? 'A' : 'B'}${index}`,
    origin: isFirst ? 'HAM' : change,
    destination: isFirst ? change : 'LIS',
    departsAt: (departs + shift) * minute,
    arrivesAt: (departs + shift + flies + 1) * minute,
  }));
}

describe('journeys with one change', () => {
  it('are the first three onward flights with enough time, and not too much, of each first flight', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.array(times, { maxLength: 12 }), fastCheck.array(times, { maxLength: 40 }), (out, on) => {
        const firsts = flightsOut(out, 0, true);
        const seconds = flightsOut(on, 60, false);
        const expected = firsts.flatMap((first) =>
          seconds
            .filter(({ origin, departsAt }) => {
              const wait = departsAt - first.arrivesAt;
              return origin === first.destination && wait >= minConnectionMs && wait <= maxConnectionMs;
            })
            .sort((one, other) => one.departsAt - other.departsAt)
            .slice(0, 3)
            .map((second) => [first.id, second.departsAt]),
        );
        const found = withOneChange(firsts, seconds);
        assert.deepEqual(
          found.map(({ flights: [first, second] }) => [first?.id, second?.departsAt]),
          expected,
        );
        for (const { departsAt, arrivesAt, flights } of found) {
          assert.deepEqual([departsAt, arrivesAt], [flights[0]?.departsAt, flights[1]?.arrivesAt]);
        }
      }),
    );
  });
});

describe('prices of journeys', () => {
  const flight = (id: string): TimedFlight => ({ id, origin: 'HAM', destination: 'MUC', departsAt: 0, arrivesAt: minute });
  const [one, other] = [flight('A1'), flight('A2')];
  const both = { flights: [one, other], departsAt: 0, arrivesAt: minute };
  const seats = new Map([
    ['A1', { price: 10, seatsLeft: 5 }],
    ['A2', { price: 7, seatsLeft: 2 }],
  ]);

  it('are the sum of the flights, with the seats of the fuller one', () => {
    const [journey] = priced([both], seats, 2);
    assert.deepEqual([journey?.id, journey?.price, journey?.seatsLeft], ['A1+A2', 17, 2]);
  });

  it('are left out where a flight has too few seats, or none in the cabin', () => {
    assert.deepEqual(priced([both], seats, 3), []);
    assert.equal(priced(nonstop([one, other, flight('A3')]), seats, 5).length, 1);
  });
});

describe('the order of journeys', () => {
  it('has no ties, so that pages neither repeat nor leave out any', () => {
    const journey = { flights: [], departsAt: 5, arrivesAt: 9, price: 3, seatsLeft: 1 };
    const [one, other] = [placeOf({ ...journey, id: 'A1' }, 'price'), placeOf({ ...journey, id: 'A2' }, 'price')];
    assert.ok(comparePlaces(one, other) < 0 && comparePlaces(other, one) > 0 && comparePlaces(one, one) === 0);
    assert.deepEqual(
      (['price', 'duration', 'departure', 'arrival'] as const).map((sort) => placeOf({ ...journey, id: 'A1' }, sort)[0]),
      [3, 4, 5, 9],
    );
  });
});

describe('times to leave', () => {
  it('may lie around midnight', () => {
    assert.deepEqual([leavesBetween(60, 0, 120), leavesBetween(121, 0, 120)], [true, false]);
    assert.deepEqual(
      [leavesBetween(1_430, 1_380, 120), leavesBetween(60, 1_380, 120), leavesBetween(700, 1_380, 120)],
      [true, true, false],
    );
  });
});
