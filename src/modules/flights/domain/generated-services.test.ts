/** The generated timetable: the same every time, sound in every row, and a network that holds together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { worldAirports } from '../airports/airports.ts';
import { aircraftOf, seatCount } from './aircraft.ts';
import { carrierCodes, carrierOf } from './carriers.ts';
import { generateServices } from './generated-services.ts';
import { RouteGraph } from './route-graph.ts';
import { timetableDays, weekdayBits, weekdaysIn } from './timetable.ts';

const airports = worldAirports();
const wish = { airports: airports.all, flights: 20_000, days: timetableDays, firstDay: 20_000, seed: 1 };

describe('a generated timetable', () => {
  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(generateServices(wish), generateServices(wish));
    assert.notDeepEqual(generateServices(wish), generateServices({ ...wish, seed: 2 }));
  });

  for (const flights of [20_000, 200_000]) {
    it(`has about ${flights} flights of services that can be flown`, () => {
      const services = generateServices({ ...wish, flights });
      const made = services.reduce((sum, { weekdays }) => sum + (weekdaysIn(weekdays).length / 7) * timetableDays, 0);
      assert.ok(Math.abs(made - flights) < flights * 0.03, `${made} flights`);
      assert.equal(new Set(services.map(({ number }) => number)).size, services.length);
      for (const {
        number,
        origin,
        destination,
        departsMinute,
        durationMinutes,
        weekdays,
        aircraft,
        economyBase,
        businessBase,
      } of services) {
        assert.match(number, /^[A-Z][A-Z0-9][1-9][0-9]{0,3}$/);
        assert.notEqual(carrierOf(number), number.slice(0, 2));
        assert.notEqual(origin, destination);
        assert.ok(departsMinute >= 0 && departsMinute < 1_440 && durationMinutes >= 20 && durationMinutes <= 1_320, number);
        assert.ok(weekdays >= 1 && weekdays <= 127 && economyBase > 0, number);
        const type = aircraftOf(aircraft);
        assert.ok(type, aircraft);
        assert.equal(businessBase !== null, seatCount(type, 'business') > 0, number);
      }
    });
  }

  it('connects most airports with one change at most, and every one with others', () => {
    const services = generateServices(wish);
    const graph = new RouteGraph(
      services.map(({ origin, destination }) => ({ origin, destination, services: 1 })),
      airports,
    );
    const codes = graph.busiest();
    let reached = 0;
    for (const from of codes) {
      const others = codes.filter((to) => to !== from);
      assert.ok(others.filter((to) => graph.isNonstop(from, to)).length >= 2, from);
      reached += others.filter((to) => graph.isNonstop(from, to) || graph.changesBetween(from, to, 1).length > 0).length;
    }
    assert.ok(reached / (codes.length * (codes.length - 1)) > 0.7);
    assert.ok(codes.includes('HAM') && codes.includes('LIS') && codes.includes('AKL') === false);
  });

  it('never runs out of flight numbers before they do', () => {
    const few = airports.all.slice(0, 12);
    assert.ok(generateServices({ ...wish, airports: few, flights: 10_000_000 }).length <= carrierCodes.length * 9_999);
  });
});

describe('weekdays', () => {
  it('are kept as bits', () => {
    assert.equal(weekdayBits([1, 7]), 0b1000001);
    assert.deepEqual(weekdaysIn(0b1000001), [1, 7]);
  });
});
