/** What the timetable must do on every State: flights at the times that Temporal has, each once, whichever process makes them and whenever. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { generateServices } from '../../domain/generated-services.ts';
import { priceOf } from '../../domain/model.ts';
import { dateOf, dayMs, dayOf, weekdayOf } from '../../domain/time-zones.ts';
import { type FlightService, timetableDays } from '../../domain/timetable.ts';
import { makeDay } from '../../store/timetable/make-flights.ts';
import { changedServices, findService, listServices, replaceServices, saveService } from '../../store/timetable/services.ts';
import { timetable } from '../../store/timetable/tables.ts';
import { horizonOf, openDemoTimetable, removeFlown, rollOn } from '../../store/timetable/upkeep.ts';
import { airports, openTimetable, serviceOf, startOf, type TimetableWorld } from '../timetable-world.ts';
import { searchContract } from './search.ts';

export interface TimetableContract {
  open(t: TestContext): Promise<State>;
}

/** Airports where clocks change at odd hours, by half an hour, not at all, or beside the date line. */
const places = ['HAM', 'LHR', 'JFK', 'SYD', 'AKL', 'HNL', 'LDH', 'DEL', 'KTM', 'CAI', 'SCL', 'APW', 'KEF', 'GRU'];

function departureOf({ origin, departsMinute }: FlightService, day: number): number {
  const plainTime = { hour: Math.floor(departsMinute / 60), minute: departsMinute % 60 };
  return Temporal.PlainDate.from(dateOf(day)).toZonedDateTime({ timeZone: airports.named(origin).timeZone, plainTime }).epochMilliseconds;
}

export function timetableContract(name: string, contract: TimetableContract): void {
  const open = async (t: TestContext, startAt?: number) => openTimetable(await contract.open(t), startAt);

  describe(`timetable: ${name}`, () => {
    timesContract(open);
    rollingContract(open);
    changingContract(open);
  });
  searchContract(name, open);
}

type Open = (t: TestContext, startAt?: number) => Promise<TimetableWorld>;

function timesContract(open: Open): void {
  it('has flights at the local times of their services, as Temporal has them, on every day of a leap year', async (t) => {
    const world = await open(t);
    // Minutes around the hours at which clocks change, and on both sides of midnight.
    const minutes = [0, 15, 59, 105, 119, 120, 135, 150, 179, 180, 195, 1_425, 1_439];
    const services = places.flatMap((origin, index) =>
      minutes.map((departsMinute, turn) =>
        serviceOf(`KO${index * 100 + turn + 1}`, origin, places[(index + 1) % places.length] ?? '', { departsMinute, weekdays: 0b1010111 }),
      ),
    );
    await world.add(services);
    const first = dayOf('2028-01-01') ?? 0;
    const days = Array.from({ length: 366 }, (_, index) => first + index).filter((day) => day % 9 === 0 || isNearChange(day));
    await world.state.write(async (queries) => {
      for (const day of days) await makeDay(queries, { day, airports, now: 0 });
    });
    const expected = days.flatMap((day) =>
      services
        .filter(({ weekdays }) => (weekdays & (1 << (weekdayOf(day) - 1))) !== 0)
        .map((service) => {
          const departs = departureOf(service, day);
          const id = `${service.number}-${dateOf(day).replaceAll('-', '')}`;
          return `${id} ${day} ${departs} ${departs + service.durationMinutes * 60_000}`;
        }),
    );
    const made = (await world.flights()).map(({ id, day, departs_at, arrives_at }) => `${id} ${day} ${departs_at} ${arrives_at}`);
    assert.equal(expected.length > 5_000, true);
    assert.deepEqual(made.toSorted(), expected.toSorted());
  });

  it('has a fare for each cabin, with the seats of the aircraft, and the price that the model gives while nobody looks and nothing is sold', async (t) => {
    const world = await open(t);
    await world.add([
      serviceOf('KO1', 'HAM', 'LIS'),
      serviceOf('KO2', 'HAM', 'MUC', { aircraft: 'ATR72', businessBase: null, economyBase: 1 }),
    ]);
    await world.roll();
    const fares = await world.state.read((queries) => timetable(queries).selectFrom('flights_fare').selectAll().execute());
    assert.equal(fares.length, 3 * (timetableDays + 2));
    assert.ok(fares.some(({ price, base }) => price < base * 0.8) && fares.some(({ price, base }) => price === base));
    const now = world.clock.now();
    const departures = new Map((await world.flights()).map(({ id, departs_at }) => [id, departs_at]));
    for (const { flight_id, cabin, seats, sold, base, floor, ceiling, price } of fares) {
      const service = flight_id.startsWith('KO1-') ? { economy: 100, business: 300 } : { economy: 1, business: 0 };
      assert.ok(Math.abs(base / service[cabin] - 1) < 0.6 || base <= 2, `${flight_id} ${cabin} starts at ${base}`);
      assert.deepEqual([sold, floor, ceiling], [0, Math.ceil(base / 2), base * 3]);
      const fare = {
        base,
        floor,
        ceiling,
        seats,
        sold,
        departsAt: departures.get(flight_id) ?? 0,
        before: price,
        dayLow: price,
        dayHigh: price,
      };
      assert.equal(priceOf(fare, { views: 0, usualViews: 0 }, now).target, price, `${flight_id} ${cabin}`);
      assert.equal(seats, flight_id.startsWith('KO2-') ? 72 : cabin === 'economy' ? 150 : 16);
    }
  });
}

/** Clocks of some place change within two days. */
function isNearChange(day: number): boolean {
  const at = (offset: number) => Temporal.Instant.fromEpochMilliseconds((day + offset) * dayMs);
  return places.some((code) => {
    const { timeZone } = airports.named(code);
    return at(-1).toZonedDateTimeISO(timeZone).offsetNanoseconds !== at(2).toZonedDateTimeISO(timeZone).offsetNanoseconds;
  });
}

function rollingContract(open: Open): void {
  it('rolls on each day, and makes up for days on which nothing ran', async (t) => {
    const world = await open(t, startOf('2026-12-01') + 5_000);
    await world.add([serviceOf('KO1', 'HAM', 'LIS')]);
    await world.roll();
    const daysOf = async () => (await world.flights()).map(({ day }) => day);
    const today = dayOf('2026-12-01') ?? 0;
    assert.deepEqual(
      await daysOf(),
      Array.from({ length: timetableDays + 2 }, (_, index) => today - 1 + index),
    );
    await world.clock.advance(dayMs);
    await world.roll();
    assert.equal((await daysOf()).at(-1), horizonOf(world.clock.now()));
    // Longer than the timetable reaches: the days in between are over, and are not made.
    await world.clock.advance(200 * dayMs);
    await world.roll();
    const days = await daysOf();
    assert.equal(days.at(-1), horizonOf(world.clock.now()));
    assert.equal(days.length, timetableDays + 3 + timetableDays + 2);
    assert.equal(await rollOn({ state: world.state, airports, now: world.clock.now() }), undefined);
  });

  it('adds each flight once when several processes roll on at once', async (t) => {
    const world = await open(t);
    const upkeep = { state: world.state, airports, now: world.clock.now() };
    await Promise.all([openDemoTimetable(upkeep, 2_000), openDemoTimetable(upkeep, 2_000)]);
    const rolls = async () => {
      while ((await rollOn(upkeep, 7)) === 'more');
    };
    await Promise.all([rolls(), rolls(), rolls()]);
    const services = generateServices({
      airports: airports.all,
      flights: 2_000,
      days: timetableDays,
      firstDay: Math.floor(upkeep.now / dayMs),
      seed: 1,
    });
    const days = Array.from({ length: timetableDays + 1 }, (_, index) => Math.floor(upkeep.now / dayMs) + index);
    const expected = days.flatMap((day) => services.filter(({ weekdays }) => (weekdays & (1 << (weekdayOf(day) - 1))) !== 0)).length;
    assert.equal((await world.flights()).length, expected);
  });

  it('removes flights that left long ago without a ticket, and keeps those that have one', async (t) => {
    const world = await open(t);
    await world.add([serviceOf('KO1', 'HAM', 'LIS'), serviceOf('KO2', 'LIS', 'HAM')]);
    await world.roll();
    const booked = (await world.flights()).filter((_, index) => index % 5 === 0).slice(0, 12);
    for (const { id } of booked) await world.ticket(id);
    const before = world.clock.now() + 40 * dayMs;
    while ((await removeFlown(world.state, before)) === 'more');
    const left = await world.flights();
    assert.deepEqual(
      left.filter(({ departs_at }) => departs_at < before).map(({ id }) => id),
      booked.map(({ id }) => id),
    );
    const fares = await world.state.read((queries) =>
      timetable(queries).selectFrom('flights_fare').select('flight_id').distinct().execute(),
    );
    assert.equal(fares.length, left.length);
    assert.equal(await removeFlown(world.state, before + 1), undefined, 'it goes on where it was');
  });
}

function changingContract(open: Open): void {
  it('changes a service, but not the times of flights that have tickets', async (t) => {
    const world = await open(t);
    const service = serviceOf('KO1', 'HAM', 'LIS');
    await world.add([service]);
    await world.roll();
    const before = await world.flights();
    const booked = before[60];
    assert.ok(booked);
    await world.ticket(booked.id);
    const now = world.clock.now();
    const changed = { ...service, departsMinute: 700, weekdays: 0b0011111, economyBase: 55 };
    await world.state.write((queries) => saveService(queries, changed, { airports, now }));
    const coming = (await world.flights()).filter(({ departs_at }) => departs_at > now);
    assert.deepEqual(
      coming.find(({ id }) => id === booked.id),
      booked,
    );
    for (const { id, day, departs_at } of coming.filter((flight) => flight.id !== booked.id)) {
      assert.ok(weekdayOf(day) <= 5, id);
      assert.equal(departs_at, departureOf(changed, day));
    }
    const found = await world.state.read((queries) => findService(queries, 'KO1', now));
    assert.deepEqual(found, { ...changed, flights: coming.length });
  });

  it('imports what differs from what is there, and makes the flights of those days again', async (t) => {
    const world = await open(t);
    const services = [serviceOf('KO1', 'HAM', 'LIS'), serviceOf('KO2', 'HAM', 'MUC')];
    await world.add(services);
    await world.roll();
    const wanted = [...services, serviceOf('KO3', 'MUC', 'HAM', { lastDay: horizonOf(world.clock.now()) - 10 })];
    const differing = await world.state.read((queries) => changedServices(queries, wanted));
    assert.deepEqual(differing, wanted.slice(2));
    await world.state.write((queries) => replaceServices(queries, differing, world.clock.now()));
    await world.roll();
    const days = (await world.flights()).filter(({ number }) => number === 'KO3').map(({ day }) => day);
    assert.equal(days.at(-1), horizonOf(world.clock.now()) - 10);
    assert.deepEqual(await world.state.read((queries) => changedServices(queries, wanted)), []);
  });

  it('lists services page by page, also of one route', async (t) => {
    const world = await open(t);
    await world.add([serviceOf('KO1', 'HAM', 'LIS'), serviceOf('KO2', 'HAM', 'MUC'), serviceOf('KO3', 'MUC', 'HAM')]);
    const list = async (filter: object) => {
      const page = await world.state.read((queries) => listServices(queries, { limit: 2, ...filter }, world.clock.now()));
      return { numbers: page.items.map(({ number }) => number), next: page.next };
    };
    const first = await list({});
    assert.deepEqual(first.numbers, ['KO1', 'KO2']);
    assert.deepEqual(await list({ after: first.next }), { numbers: ['KO3'], next: null });
    assert.deepEqual((await list({ from: 'HAM', to: 'MUC' })).numbers, ['KO2']);
  });
}
