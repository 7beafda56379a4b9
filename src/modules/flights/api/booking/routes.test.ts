/** Booking over HTTP: from the seat map to the ticket, the calendar file and the refund; what is refused, and to whom. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import ICAL from 'ical.js';
import { openBookingHouse } from '../../testing/booking-house.ts';

type House = Awaited<ReturnType<typeof openBookingHouse>>;

const anna = { givenName: ' Anna ', familyName: 'Müller', seats: ['20A'] };

async function openWithFlight(t: TestContext) {
  const house = await openBookingHouse(t);
  const flight = await house.world.addFlight({ number: 'KO1001', route: ['LIS', 'BER'], inHours: 240 });
  await house.world.customer('anna', 1_000);
  return { ...house, flight };
}

async function quoted({ send, flight }: House & { flight: string }, asked: object = { as: 'anna' }, passengers = 1) {
  const answer = await send('POST', '/quotes', { ...asked, body: { flights: [flight], cabin: 'economy', passengers } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
}

const bodyFor = (quote: { id: string; total: number }, passengers: readonly object[] = [anna]) => ({
  quoteId: quote.id,
  expectedTotal: quote.total,
  passengers,
});

describe('a customer', () => {
  it('sees the seats, holds a price, books, and finds the booking with its tickets', async (t) => {
    const house = await openWithFlight(t);
    const { send, flight, noted } = house;
    const map = (await send('GET', `/flights/${flight}/seats`)).json();
    assert.equal(map.aircraft, 'Airbus A320');
    assert.equal(map.seats.length, 166);
    assert.deepEqual(map.seats[16], { seat: '6A', cabin: 'economy', free: true, place: 'window', exitRow: false });
    assert.deepEqual(map.layouts[1], { cabin: 'economy', columns: ['A', 'B', 'C', null, 'D', 'E', 'F'] });
    const quote = await quoted(house);
    assert.deepEqual([quote.total, quote.state, quote.expiresAt - quote.createdAt], [100, 'open', 600_000]);
    assert.deepEqual(quote.rules.steps, [
      { hoursBefore: 168, refundPercent: 90 },
      { hoursBefore: 24, refundPercent: 50 },
    ]);
    const answer = await send('POST', '/bookings', { as: 'anna', key: 'first booking', body: bodyFor(quote) });
    assert.equal(answer.status, 201, answer.text);
    const booking = answer.json();
    assert.deepEqual(booking.passengers, [{ givenName: 'Anna', familyName: 'Müller' }]);
    assert.equal(booking.tickets[0].seat, '20A');
    assert.match(booking.tickets[0].number, /^745-[0-9A-Z]{12}-01$/);
    assert.deepEqual(
      booking.airports.map(({ code }: { code: string }) => code),
      ['LIS', 'BER'],
    );
    assert.deepEqual((await send('GET', `/bookings/${booking.id}`, { as: 'anna' })).json(), booking);
    const again = await send('POST', '/bookings', { as: 'anna', key: 'first booking', body: bodyFor(quote) });
    assert.deepEqual([again.status, again.headers['idempotency-replayed'], again.json()], [201, 'true', booking]);
    assert.equal((await send('GET', '/bookings', { as: 'anna' })).json().bookings[0].id, booking.id);
    assert.equal((await send('GET', `/quotes/${quote.id}`, { as: 'anna' })).json().state, 'booked');
    const seats: { seat: string; free: boolean }[] = (await send('GET', `/flights/${flight}/seats`)).json().seats;
    assert.deepEqual(
      seats.filter(({ free }) => !free).map(({ seat }) => seat),
      ['20A'],
    );
    assert.deepEqual(
      noted.map(({ kind, holder }) => `${kind} by ${holder}`),
      ['priced by account:anna', 'booked by account:anna'],
    );
  });

  it('asks for a price as a guest, logs in, and books it; another browser cannot', async (t) => {
    const house = await openWithFlight(t);
    const quote = await quoted(house, { browser: 'guest' });
    const { send } = house;
    assert.equal((await send('GET', `/quotes/${quote.id}`, { browser: 'guest' })).status, 200);
    assert.equal((await send('GET', `/quotes/${quote.id}`, { browser: 'other' })).status, 404);
    assert.equal((await send('POST', '/bookings', { browser: 'guest', key: 'as a guest', body: bodyFor(quote) })).status, 401);
    const foreign = await send('POST', '/bookings', { as: 'anna', browser: 'other', key: 'foreign browser', body: bodyFor(quote) });
    assert.deepEqual([foreign.status, foreign.json().reason.name], [404, 'no-quote']);
    const own = await send('POST', '/bookings', { as: 'anna', browser: 'guest', key: 'after the login', body: bodyFor(quote) });
    assert.equal(own.status, 201, own.text);
  });

  it('cancels for what the rules say, and cannot see or cancel the bookings of others', async (t) => {
    const house = await openWithFlight(t);
    const { send, world } = house;
    const quote = await quoted(house);
    const { id } = (await send('POST', '/bookings', { as: 'anna', key: 'first booking', body: bodyFor(quote) })).json();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/flights.ics', undefined],
      ['POST', '/cancellation', { expectedRefund: 100 }],
    ] as const) {
      const answer = await send(method, `/bookings/${id}${path}`, { as: 'bert', body });
      assert.deepEqual([answer.status, answer.json().reason.name], [404, 'no-booking']);
    }
    const cancel = (expectedRefund: number) => send('POST', `/bookings/${id}/cancellation`, { as: 'anna', body: { expectedRefund } });
    const changed = await cancel(90);
    assert.deepEqual([changed.status, changed.json().reason], [409, { name: 'refund-changed', values: { refund: 100 } }]);
    for (let time = 0; time < 2; time += 1) {
      const booking = (await cancel(100)).json();
      assert.deepEqual([booking.state, booking.refunded], ['cancelled', 100]);
    }
    assert.equal(await world.coinsOf('anna'), 1_000);
    assert.deepEqual(await world.violations(), []);
  });

  it('gets a calendar file that other programs read, whatever the passengers are called', async (t) => {
    const house = await openBookingHouse(t);
    const { send, world } = house;
    const flights = [
      await world.addFlight({ number: 'KO1001', route: ['LIS', 'BER'], inHours: 240 }),
      await world.addFlight({ number: 'KO1004', route: ['BER', 'RIX'], inHours: 245 }),
    ];
    await world.customer('anna', 1_000);
    const asked = { flights, cabin: 'economy', passengers: 1 };
    const quote = (await send('POST', '/quotes', { as: 'anna', body: asked })).json();
    const name = { givenName: 'Ann;a,\\nEND:VEVENT', familyName: `${'ß漢'.repeat(25)}\u2028X`, seats: ['20A', null] };
    const { id } = (await send('POST', '/bookings', { as: 'anna', key: 'calendar', body: bodyFor(quote, [name]) })).json();
    const answer = await send('GET', `/bookings/${id}/flights.ics`, { as: 'anna' });
    assert.equal(answer.headers['content-type'], 'text/calendar; charset=utf-8');
    assert.equal(answer.headers['content-disposition'], `attachment; filename="${id}.ics"`);
    for (const line of answer.text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
    const events = new ICAL.Component(ICAL.parse(answer.text)).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
    assert.deepEqual(
      events.map(({ uid, summary, location }) => [uid, summary, location]),
      [
        [`${id}-1@flights.kontor`, 'KO1001 Lisbon (LIS) – Berlin (BER)', 'Humberto Delgado Airport (Lisbon Portela Airport) (LIS), Lisbon'],
        [`${id}-2@flights.kontor`, 'KO1004 Berlin (BER) – Riga (RIX)', 'Berlin Brandenburg Airport (BER), Berlin'],
      ],
    );
    assert.equal(events[0]?.startDate.toJSDate().getTime(), quote.legs[0].leg.departsAt);
    assert.equal(events[1]?.endDate.toJSDate().getTime(), quote.legs[1].leg.arrivesAt);
    assert.equal(events[0]?.description, `${id}, Kontor Air\n${name.givenName} ${name.familyName.replace('\u2028', ' ')}, 20A`);
  });
});

describe('a request that does not fit', () => {
  it('is refused by name, and nothing is stored', async (t) => {
    const house = await openWithFlight(t);
    const { send, flight, world } = house;
    const quote = await quoted(house);
    const refusedQuotes: readonly [object, number, string?][] = [
      [{ flights: [flight], cabin: 'economy', passengers: 0 }, 400],
      [{ flights: [flight], cabin: 'economy', passengers: 10 }, 400],
      [{ flights: [], cabin: 'economy', passengers: 1 }, 400],
      [{ flights: Array(5).fill(flight), cabin: 'economy', passengers: 1 }, 400],
      [{ flights: [flight], cabin: 'first', passengers: 1 }, 400],
      [{ flights: ["KO1' or 1=1"], cabin: 'economy', passengers: 1 }, 400],
      [{ flights: ['KO9999-20300101'], cabin: 'economy', passengers: 1 }, 404, 'no-flight'],
      [{ flights: [flight, flight], cabin: 'economy', passengers: 1 }, 400, 'flights-apart'],
    ];
    for (const [body, status, reason] of refusedQuotes) {
      const answer = await send('POST', '/quotes', { as: 'anna', body });
      assert.deepEqual([answer.status, answer.json().reason?.name], [status, reason], JSON.stringify(body));
    }
    const named = (changes: object) => ({ ...bodyFor(quote, [{ ...anna, ...changes }]) });
    const refusedBookings: readonly [object, number, string?][] = [
      [bodyFor(quote, []), 400],
      [bodyFor(quote, Array(10).fill(anna)), 400],
      [bodyFor(quote, [anna, anna]), 400, 'passengers-differ'],
      [named({ givenName: '' }), 400],
      [named({ givenName: '   ' }), 400],
      [named({ familyName: 'x'.repeat(61) }), 400],
      [named({ familyName: 'A\r\nBEGIN:VEVENT' }), 400],
      [named({ familyName: 'A\u0000' }), 400],
      [named({ seats: [] }), 400, 'seats-differ'],
      [named({ seats: ['20A', '20B'] }), 400, 'seats-differ'],
      [named({ seats: ['2A'] }), 400, 'no-seat'],
      [named({ seats: ['20I'] }), 400, 'no-seat'],
      [named({ seats: ['seat'] }), 400],
      [named({ price: 1 }), 400],
      [{ ...bodyFor(quote), expectedTotal: 99 }, 409, 'booking-total-changed'],
      [{ ...bodyFor(quote), quoteId: '0'.repeat(32) }, 404, 'no-quote'],
      [{ ...bodyFor(quote), quoteId: 'x' }, 400],
    ];
    for (const [index, [body, status, reason]] of refusedBookings.entries()) {
      const answer = await send('POST', '/bookings', { as: 'anna', key: `refused ${index}`, body });
      assert.deepEqual([answer.status, answer.json().reason?.name], [status, reason], `${JSON.stringify(body)} ${answer.text}`);
    }
    assert.equal((await send('POST', '/bookings', { as: 'anna', body: bodyFor(quote) })).status, 400);
    assert.equal((await send('GET', '/flights/KO9999-20300101/seats')).json().reason.name, 'no-flight');
    assert.equal(await world.soldOn(flight), 0);
    assert.equal(await world.coinsOf('anna'), 1_000);
    assert.deepEqual((await send('GET', '/bookings', { as: 'anna' })).json().bookings, []);
    assert.deepEqual(await world.violations(), []);
  });

  it('is told which seats were taken, and what is free in their place', async (t) => {
    const house = await openWithFlight(t);
    const { send, flight } = house;
    const first = await quoted(house);
    assert.equal((await send('POST', '/bookings', { as: 'anna', key: 'first booking', body: bodyFor(first) })).status, 201);
    const second = await quoted(house, { as: 'anna' }, 2);
    const passengers = [anna, { givenName: 'Bert', familyName: 'Müller', seats: ['19A'] }];
    const answer = await send('POST', '/bookings', { as: 'anna', key: 'second booking', body: bodyFor(second, passengers) });
    assert.equal(answer.status, 409);
    const { reason, errors } = answer.json();
    assert.deepEqual(reason, { name: 'seat-taken', values: { flight, seat: '20A', next: '21A' } });
    assert.deepEqual(errors[0].field, 'passengers/0/seats/0');
    assert.equal((await send('GET', `/quotes/${second.id}`, { as: 'anna' })).json().state, 'open');
  });

  it('is refused when too many prices are held', async (t) => {
    const house = await openWithFlight(t);
    for (let count = 0; count < 30; count += 1) await quoted(house);
    const answer = await house.send('POST', '/quotes', { as: 'anna', body: { flights: [house.flight], cabin: 'economy', passengers: 1 } });
    assert.deepEqual([answer.status, answer.json().reason.name], [429, 'too-many-quotes']);
  });
});
