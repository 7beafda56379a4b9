/** Search over HTTP: what is found, what is refused, how old an answer may be, and who is counted. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openMemoryCache } from '#engines/cache/memory.ts';
import { addRoutes } from '#http/route.ts';
import { assertKeptAsAnswered } from '#testkit/kept-answers.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { worldAirports } from '../../airports/airports.ts';
import { dayMs } from '../../domain/time-zones.ts';
import type { FlightService } from '../../domain/timetable.ts';
import { timetable } from '../../store/timetable/tables.ts';
import { openTimetable, serviceOf, startOf } from '../../testing/timetable-world.ts';
import { serviceRoutes } from '../admin/services-routes.ts';
import { placesIn } from './places.ts';
import { type SearchApi, searchRoutes } from './routes.ts';

const services: readonly FlightService[] = [
  serviceOf('KO1', 'HAM', 'LIS', { departsMinute: 700, durationMinutes: 205, economyBase: 90 }),
  serviceOf('KO2', 'HAM', 'LIS', { departsMinute: 1_260, durationMinutes: 205, economyBase: 60 }),
  serviceOf('KO3', 'HAM', 'FRA', { departsMinute: 400, durationMinutes: 70, economyBase: 20 }),
  serviceOf('KO4', 'FRA', 'LIS', { departsMinute: 560, durationMinutes: 180, economyBase: 30 }),
  serviceOf('KO5', 'AKL', 'HNL', { departsMinute: 480, durationMinutes: 540, aircraft: 'A350' }),
  serviceOf('KO6', 'FRA', 'SIN', { departsMinute: 1_320, durationMinutes: 760, aircraft: 'A350' }),
];

async function open(t: TestContext, { rolled = true } = {}) {
  const world = await openTimetable(await temporaryState(t), startOf('2027-01-04') + dayMs / 2);
  await world.add(services);
  if (rolled) await world.roll();
  const noted: string[] = [];
  const { state, clock } = world;
  const cache = openMemoryCache({ maxEntries: 100, clock });
  t.after(() => cache.close());
  const visitor = { holder: 'visitor:v', guestHolder: undefined, network: 'n' };
  const api: SearchApi = {
    ports: { state, clock, cache },
    visitors: { of: async () => visitor, known: () => ({ visitor, cookie: undefined }) },
    accesses: { note: (_visitor, kind, flightIds) => noted.push(`${kind} ${flightIds.join(' ')}`) },
  };
  const routes = [...searchRoutes(api, placesIn(worldAirports)), ...serviceRoutes(api)];
  const server = await startTestWebServer(t, {
    webs: [{ routes: (fastify) => addRoutes(fastify, routes) }],
    clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({
        account: { id: secret, email: `${secret}@example.org`, name: secret, role: secret === 'boss' ? 'admin' : 'member' },
        kind: 'session',
        id: secret,
        scopes: ['read', 'write', 'admin'],
      }),
    },
  });
  const get = async (path: string) => {
    const answer = await server.send(`/api/flights/${path}`);
    return { status: answer.status, body: answer.json(), text: answer.text };
  };
  const search = async (query: string) => (await get(`search?from=HAM&to=LIS&date=2027-01-14&${query}`)).body;
  return { ...world, server, get, search, noted };
}

const idsOf = ({ itineraries }: { itineraries: { id: string }[] }) => itineraries.map(({ id }) => id.replaceAll(/-[0-9]+/g, ''));

describe('search', () => {
  it('lists flights and changes with local times, durations, prices and seats', async (t) => {
    const { search } = await open(t);
    const { itineraries, total, nonstop, lowestPrice, highestPrice, next } = await search('passengers=2');
    assert.deepEqual([total, nonstop, next], [3, 2, null]);
    assert.deepEqual(
      itineraries.map(({ price }: { price: number }) => price),
      itineraries.map(({ price }: { price: number }) => price).toSorted((one: number, other: number) => one - other),
    );
    assert.deepEqual([lowestPrice, highestPrice], [itineraries[0].price, itineraries[2].price]);
    const change = itineraries.find(({ stops }: { stops: number }) => stops === 1);
    assert.equal(change.id, 'KO3-20270114+KO4-20270114');
    assert.equal(change.durationMinutes, 340);
    assert.equal(change.totalPrice, 2 * change.price);
    const [first, second] = change.legs;
    assert.deepEqual(
      [first.departsLocal, first.arrivesLocal, second.departsLocal, second.arrivesLocal],
      ['2027-01-14T06:40', '2027-01-14T07:50', '2027-01-14T09:20', '2027-01-14T11:20'],
    );
    assert.deepEqual([first.carrier, first.aircraft, change.seatsLeft], ['Kontor Air', 'Airbus A320', 150]);
  });

  it('arrives on another day, also the day before across the date line', async (t) => {
    const { get } = await open(t);
    const days = async (query: string) => (await get(`search?date=2027-01-14&${query}`)).body.itineraries[0]?.daysLater;
    assert.deepEqual([await days('from=AKL&to=HNL'), await days('from=FRA&to=SIN')], [-1, 1]);
  });

  it('sorts, filters, and gives pages that neither repeat nor leave out any', async (t) => {
    const { search } = await open(t);
    assert.deepEqual(idsOf(await search('sort=departure')), ['KO3+KO4', 'KO1', 'KO2']);
    assert.deepEqual(idsOf(await search('sort=duration')), ['KO1', 'KO2', 'KO3+KO4']);
    assert.deepEqual(idsOf(await search('maxStops=0&sort=arrival')), ['KO1', 'KO2']);
    assert.deepEqual(idsOf(await search('departFromMinute=1200&departToMinute=420&sort=departure')), ['KO3+KO4', 'KO2']);
    const cheapest = (await search('')).lowestPrice;
    assert.equal((await search(`maxPrice=${cheapest}`)).total, 1);
    for (const sort of ['price', 'duration', 'departure', 'arrival']) {
      const all = idsOf(await search(`sort=${sort}&flexDays=2`));
      const paged: string[] = [];
      for (let after = ''; ; ) {
        const page = await search(`sort=${sort}&flexDays=2&limit=4${after}`);
        paged.push(...idsOf(page));
        assert.equal(page.total, 15);
        if (page.next === null) break;
        after = `&after=${page.next}`;
      }
      assert.deepEqual(paged, all);
    }
  });

  it('refuses airports and days that there are not, by name', async (t) => {
    const { get } = await open(t);
    const refused = async (query: string) => {
      const { status, body } = await get(query);
      return [status, body.reason?.name, body.errors?.[0]?.field];
    };
    assert.deepEqual(await refused('search?from=HAM&to=QQQ&date=2027-01-14'), [400, 'no-airport', 'to']);
    assert.deepEqual(await refused('search?from=QQQ&to=HAM&date=2027-01-14'), [400, 'no-airport', 'from']);
    assert.deepEqual(await refused('search?from=HAM&to=HAM&date=2027-01-14'), [400, 'same-airport', 'to']);
    assert.deepEqual(await refused('search?from=HAM&to=LIS&date=2027-01-03'), [400, 'date-past', 'date']);
    assert.deepEqual(await refused('search?from=HAM&to=LIS&date=2027-06-03'), [400, 'date-far', 'date']);
    assert.deepEqual(await refused('search?from=HAM&to=LIS&date=2027-02-29'), [400, 'no-date', 'date']);
    assert.deepEqual(await refused('calendar?from=HAM&to=HAM&month=2027-01&cabin=economy'), [400, 'same-airport', 'to']);
    assert.equal((await get('search?from=HAM&to=LIS&date=2027-01-14&passengers=0')).status, 400);
    assert.equal((await get('search?from=HAM&to=LIS&date=2027-01-14&passengers=10')).status, 400);
    assert.equal((await get('search?from=HAM&to=LIS&date=2027-01-14&sort=departure&after=WzFd')).status, 400);
    assert.deepEqual(await refused('flights/KO1-20991231'), [404, 'no-flight', undefined]);
  });

  it('takes the day to be that of the airport: today goes on until midnight there, without flights that left', async (t) => {
    const { get, clock } = await open(t);
    // In Auckland it is Tuesday.
    assert.equal((await get('search?from=AKL&to=HNL&date=2027-01-04')).body.reason.name, 'date-past');
    assert.equal((await get('search?from=AKL&to=HNL&date=2027-01-05')).body.total, 1);
    const { body } = await get('search?from=HAM&to=LIS&date=2027-01-04&sort=departure');
    assert.ok(body.itineraries.every(({ legs }: { legs: { departsAt: number }[] }) => (legs[0]?.departsAt ?? 0) > clock.now()));
    assert.deepEqual(idsOf(body), ['KO2']);
  });

  it('answers from the cache for at most 30 seconds, and counts everybody who got an answer', async (t) => {
    const { get, state, clock, noted } = await open(t);
    const path = 'search?from=HAM&to=LIS&date=2027-01-14&maxStops=0&sort=departure';
    const first = await get(path);
    await state.write((queries) =>
      timetable(queries).updateTable('flights_fare').set({ price: 46 }).where('base', '>', 46).where('floor', '<=', 46).execute(),
    );
    for (let second = 0; second < 29; second += 1) {
      assert.equal((await get(path)).text, first.text, `after ${second} s`);
      await clock.advance(1_000);
    }
    await clock.advance(1_001);
    const later = await get(path);
    assert.notEqual(later.text, first.text);
    assert.equal(later.body.pricesAt, clock.now());
    assert.deepEqual(new Set(noted), new Set(['listed KO1-20270114 KO2-20270114']));
    assert.equal(noted.length, 31);
  });

  it('does not keep what it says while the timetable is being made', async (t) => {
    const { search, roll } = await open(t, { rolled: false });
    assert.equal((await search('')).total, 0);
    await roll();
    assert.equal((await search('')).total, 3);
  });
});

describe('kept answers', () => {
  it('are what the framework answers, and everybody who gets one is counted', async (t) => {
    const { server, clock, noted } = await open(t);
    const search = '/api/flights/search?from=HAM&to=LIS&date=2027-01-14';
    for (const [path, counted] of [
      [search, 'listed KO2-20270114 KO1-20270114 KO3-20270114 KO4-20270114'],
      [`${search}&maxStops=0&sort=departure`, 'listed KO1-20270114 KO2-20270114'],
      ['/api/flights/search?date=2027-01-14&from=HAM&to=LIS&limit=1&maxStops=0', 'listed KO2-20270114'],
      [`${search}&flexDays=9`],
      [`${search}&from=FRA`],
      ['/api/flights/calendar?from=HAM&to=LIS&month=2027-01&cabin=economy&passengers=1'],
      ['/api/flights/flights/KO5-20270114', 'opened KO5-20270114'],
      ['/api/flights/flights/KO5-20991231'],
      ['/api/flights/airports?text=K%C3%B6ln'],
      ['/api/flights/airports'],
    ] as const) {
      for (const request of [{}, { headers: { cookie: 'kontor_session=anna', 'if-none-match': '*' } }, { method: 'HEAD' }]) {
        noted.length = 0;
        await assertKeptAsAnswered({ server, clock }, path, request);
        assert.deepEqual(noted.map(sortedFlights), counted === undefined ? [] : [sortedFlights(counted), sortedFlights(counted)], path);
      }
    }
  });
});

const sortedFlights = (noted: string) => noted.split(' ').sort().join(' ');

describe('the calendar of prices', () => {
  it('has the lowest price of each day to come, and none for others', async (t) => {
    const { get } = await open(t);
    const calendar = async (query: string) => (await get(`calendar?${query}`)).body.days as { date: string; price: number | null }[];
    const january = await calendar('from=HAM&to=LIS&month=2027-01&cabin=economy');
    assert.equal(january.length, 31);
    for (const { date, price } of january) {
      const found = (await get(`search?from=HAM&to=LIS&date=${date}`)).body;
      assert.equal(price, found.lowestPrice ?? null, date);
    }
    assert.ok((await calendar('from=HAM&to=LIS&month=2031-02&cabin=business')).every(({ price }) => price === null));
    assert.equal((await calendar('from=HAM&to=LIS&month=2028-02&cabin=business')).length, 29);
  });
});

describe('one flight', () => {
  it('has its airports, fares and weekdays, and is noted as opened', async (t) => {
    const { get, noted, clock } = await open(t);
    const { body } = await get('flights/KO5-20270114');
    assert.deepEqual([body.from.code, body.to.code, body.state, body.number], ['AKL', 'HNL', 'scheduled', 'KO5']);
    assert.deepEqual(
      body.fares.map(({ cabin, seatsLeft }: { cabin: string; seatsLeft: number }) => [cabin, seatsLeft]),
      [
        ['economy', 279],
        ['business', 48],
      ],
    );
    assert.deepEqual(body.weekdays, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(noted, ['opened KO5-20270114']);
    await clock.advance(20 * dayMs);
    assert.equal((await get('flights/KO5-20270114')).body.state, 'departed');
  });
});

describe('airports', () => {
  it('are completed, those with the most flights first', async (t) => {
    const { get } = await open(t);
    const codes = async (query: string) => (await get(`airports?${query}`)).body.airports.map(({ code }: { code: string }) => code);
    assert.deepEqual(await codes(''), ['HAM', 'FRA', 'AKL']);
    assert.equal((await codes('text=lisbo'))[0], 'LIS');
    assert.equal((await codes('text=frank&limit=1'))[0], 'FRA');
    assert.equal((await get('airports?limit=51')).status, 400);
  });
});

describe('an admin', () => {
  it('alone lists and saves services', async (t) => {
    const { server, search } = await open(t);
    const send = async (method: string, path: string, as?: string, body?: object) => {
      const headers: Record<string, string> = as === undefined ? {} : { cookie: `kontor_session=${as}` };
      if (body !== undefined) headers['content-type'] = 'application/json';
      const answer = await server.send(`/api/flights/admin/services${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: answer.json() };
    };
    const service = {
      from: 'HAM',
      to: 'LIS',
      departsMinute: 900,
      durationMinutes: 200,
      weekdays: [4],
      aircraft: 'A320',
      economyBase: 10,
      businessBase: null,
      firstDay: '2027-01-01',
      lastDay: null,
    };
    assert.equal((await send('GET', '')).status, 401);
    assert.equal((await send('PUT', '/KO9', 'anna', service)).status, 403);
    const saved = await send('PUT', '/KO9', 'boss', service);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    assert.equal(saved.body.flights, 17);
    assert.deepEqual(
      (await send('GET', '?from=HAM&to=LIS', 'boss')).body.services.map(({ number }: { number: string }) => number),
      ['KO1', 'KO2', 'KO9'],
    );
    assert.equal((await search('maxStops=0')).total, 3);
    for (const [changes, name] of [
      [{ to: 'HAM' }, 'same-airport'],
      [{ to: 'QQQ' }, 'no-airport'],
      [{ aircraft: 'Zeppelin' }, 'no-aircraft'],
      [{ aircraft: 'ATR72', businessBase: 5 }, 'no-business'],
      [{ lastDay: '2026-12-31' }, 'days-turned'],
      [{ firstDay: '2026-02-30' }, 'no-date'],
    ] as const) {
      const { status, body } = await send('PUT', '/KO9', 'boss', { ...service, ...changes });
      assert.deepEqual([status, body.reason?.name], [400, name]);
    }
  });
});
