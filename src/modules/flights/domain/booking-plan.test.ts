/** Bookings that are decided together: each from what those before it leave. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { type BookingBooks, type BookingRequest, fareKey, type HeldQuote, planBookings, type QuotedFlight } from './booking-plan.ts';

const now = 1_000_000;
const hourMs = 3_600_000;

const flight: QuotedFlight = {
  id: 'KO1-20261201',
  number: 'KO1',
  origin: 'LIS',
  destination: 'BER',
  departsAt: now + 48 * hourMs,
  arrivesAt: now + 50 * hourMs,
  aircraft: 'ATR72',
  state: 'scheduled',
};

function quoteOf(name: string, passengers = 1): HeldQuote {
  const legs = [{ flight, price: 100 }];
  return { id: name, holder: name, cabin: 'economy', passengers, total: 100 * passengers, expiresAt: now + 1, isUsed: false, legs };
}

function requestOf({ id, total, passengers }: HeldQuote, seats: readonly (string | null)[] = []): BookingRequest {
  return {
    accountId: id,
    key: id,
    bodyHash: '',
    holders: [id],
    quoteId: id,
    expectedTotal: total,
    passengers: Array.from({ length: passengers }, (_, index) => ({ givenName: 'A', familyName: 'B', seats: [seats[index] ?? null] })),
  };
}

function booksFor(quotes: readonly HeldQuote[], { left = 72, taken = new Set<string>(), coins = 1_000 } = {}): BookingBooks {
  const key = fareKey(flight.id, 'economy');
  return {
    quotes: new Map(quotes.map((quote) => [quote.id, quote])),
    seatsLeft: new Map([[key, left]]),
    takenSeats: new Map([[key, taken]]),
    available: new Map(quotes.map(({ id }) => [id, coins])),
    now,
  };
}

describe('bookings that are decided together', () => {
  it('never get the seat of one another, chosen or assigned', () => {
    const quotes = [quoteOf('anna', 2), quoteOf('bert'), quoteOf('carl'), quoteOf('dora')];
    const [anna, bert, carl, dora] = quotes.map((quote) => requestOf(quote));
    assert.ok(anna && bert && carl && dora);
    const chosen = { ...carl, passengers: [{ givenName: 'C', familyName: 'D', seats: ['2A'] }] };
    const plans = planBookings([anna, bert, chosen, dora], booksFor(quotes));
    assert.deepEqual(
      plans.map((plan) => plan.outcome === 'planned' && plan.seats[0]),
      [['2A', '2C'], ['2D'], false, ['2F']],
    );
    assert.deepEqual(plans[2], {
      outcome: 'seats-taken',
      seats: [{ flightId: flight.id, seat: '2A', next: '2F', field: 'passengers/0/seats/0' }],
    });
  });

  it('use a quote once', () => {
    const quote = quoteOf('anna');
    const twice = [requestOf(quote), { ...requestOf(quote), accountId: 'bert', key: 'bert' }];
    assert.deepEqual(
      planBookings(twice, booksFor([quote])).map(({ outcome }) => outcome),
      ['planned', 'quote-used'],
    );
  });

  it('take nothing when they are refused', () => {
    const quotes = [quoteOf('poor'), quoteOf('rich')];
    const books = booksFor(quotes, { left: 1 });
    const available = new Map([
      ['poor', 99],
      ['rich', 100],
    ]);
    const plans = planBookings(
      quotes.map((quote) => requestOf(quote)),
      { ...books, available },
    );
    assert.deepEqual(plans[0], { outcome: 'coins-short', total: 100, available: 99 });
    assert.equal(plans[1]?.outcome, 'planned');
  });

  it('are offered a different free seat for each that is taken, and none that they chose', () => {
    const quote = quoteOf('anna', 3);
    const [plan] = planBookings([requestOf(quote, ['5A', '6A', '7A'])], booksFor([quote], { taken: new Set(['5A', '6A']) }));
    assert.ok(plan?.outcome === 'seats-taken');
    assert.deepEqual(
      plan.seats.map(({ seat, next }) => `${seat} → ${next}`),
      ['5A → 4A', '6A → 6F'],
    );
  });

  it('never sell more than what is left, and no seat twice', () => {
    const anyBooking = fastCheck.record({ passengers: fastCheck.integer({ min: 1, max: 9 }), row: fastCheck.integer({ min: 1, max: 18 }) });
    const property = fastCheck.property(
      fastCheck.array(anyBooking, { maxLength: 40 }),
      fastCheck.integer({ min: 0, max: 72 }),
      (wishes, left) => {
        const taken = new Set(['1A', '9C', '9D', '18F'].slice(0, Math.min(4, 72 - left)));
        const quotes = wishes.map(({ passengers }, index) => quoteOf(`buyer-${index}`, passengers));
        const requests = quotes.map((quote, index) => requestOf(quote, index % 3 === 0 ? [`${wishes[index]?.row}A`] : []));
        const plans = planBookings(requests, booksFor(quotes, { left, taken }));
        const sold = plans.flatMap((plan) => (plan.outcome === 'planned' ? (plan.seats[0] ?? []) : []));
        assert.ok(sold.length <= left);
        assert.equal(new Set([...sold, ...taken]).size, sold.length + taken.size);
      },
    );
    fastCheck.assert(property, { numRuns: 60 });
  });
});
