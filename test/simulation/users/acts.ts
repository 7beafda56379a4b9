/** What people do in a simulated world: each act is one wish, carried through whatever the weather. */
import { anyOf } from '../dice.ts';
import { attempt, insist, type Person, pause } from './person.ts';

/** One of a list that is not empty, by the person's own dice. */
function oneOf<Value>({ random }: Person, values: readonly Value[]): Value {
  return anyOf(random, values) as Value;
}

export interface Offers {
  readonly variants: readonly string[];
  readonly flights: readonly string[];
  readonly pages: readonly string[];
  /** Whether some errands are ordered for hours. */
  readonly areOrdersLong: boolean;
  /** Ids of accounts that coins can be sent to. */
  accounts(): readonly string[];
}

const shipTo = { name: 'Anna', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

export async function takeCoins(person: Person): Promise<void> {
  await insist(person, 'faucet', () => person.client('POST', '/api/coins/faucet'));
}

export async function sendCoins(person: Person, offers: Offers): Promise<void> {
  const others = offers.accounts().filter((id) => id !== person.id);
  if (others.length === 0) return;
  const body = { to: oneOf(person, others), amount: 1 + person.random.int(40) };
  let sent = '';
  const moved = await insist(person, `transfer ${person.random.id()}`, (key) => {
    sent = key;
    return person.client('POST', '/api/coins/transfers', { headers: { 'idempotency-key': key }, body });
  });
  if (moved !== undefined) person.acknowledged.push({ kind: 'transfer', id: sent });
}

export async function buyGoods(person: Person, offers: Offers): Promise<void> {
  const { client, random } = person;
  const id = oneOf(person, offers.variants);
  const quantity = 1 + random.int(3);
  await insist(person, 'cart', () => client('PUT', '/api/shop/cart/lines/:id', { params: { id }, body: { quantity } }));
  const cart = await insist(person, 'look at the cart', () => client('GET', '/api/shop/cart'));
  if (cart === undefined || cart.total === 0) return;
  const payment = random.int(5) === 0 ? 'provider' : 'coins';
  const order = await insist(person, `checkout ${random.id()}`, (key) =>
    client('POST', '/api/shop/checkout', { headers: { 'idempotency-key': key }, body: { payment, expectedTotal: cart.total, shipTo } }),
  );
  if (order === undefined) return;
  person.acknowledged.push({ kind: 'order', id: order.id });
  const params = { id: order.id };
  if (payment === 'provider' && random.int(4) > 0) {
    const outcome = random.int(4) === 0 ? 'failed' : 'paid';
    await insist(person, 'pay', () => client('POST', '/api/shop/orders/:id/test-payment', { params, body: { outcome } }));
  }
  if (random.int(3) > 0) return;
  await pause(person, 500, 20_000);
  await insist(person, 'cancel an order', () => client('POST', '/api/shop/orders/:id/cancellation', { params }));
}

export async function lookAtFlights(person: Person, offers: Offers): Promise<void> {
  const { client } = person;
  const id = oneOf(person, offers.flights);
  await attempt(() => client('GET', '/api/flights/flights/:id', { params: { id } }));
}

export async function bookFlight(person: Person, offers: Offers): Promise<void> {
  const { client, random } = person;
  const flights = [oneOf(person, offers.flights)];
  const passengers = 1 + random.int(2);
  const wish = { flights, cabin: 'economy' as const, passengers };
  const quote = await insist(person, 'quote', () => client('POST', '/api/flights/quotes', { body: wish }));
  if (quote === undefined) return;
  await pause(person, 200, 5_000);
  const travellers = Array.from({ length: passengers }, (_, index) => ({ givenName: `P${index}`, familyName: 'Test', seats: [null] }));
  const body = { quoteId: quote.id, expectedTotal: quote.total, passengers: travellers };
  const booking = await insist(person, `booking ${random.id()}`, (key) =>
    client('POST', '/api/flights/bookings', { headers: { 'idempotency-key': key }, body }),
  );
  if (booking === undefined) return;
  person.acknowledged.push({ kind: 'booking', id: booking.id });
  if (random.int(2) > 0) return;
  await pause(person, 500, 20_000);
  const params = { id: booking.id };
  const expectedRefund = Math.floor((booking.total * booking.rules.refundPercent) / 100);
  await insist(person, 'cancel a booking', () =>
    client('POST', '/api/flights/bookings/:id/cancellation', { params, body: { expectedRefund } }),
  );
}

export async function orderErrand(person: Person, offers: Offers): Promise<void> {
  const { client, random } = person;
  const schedule = offers.areOrdersLong && random.int(3) === 0 ? longSchedule(person) : shortSchedule(person);
  const body = {
    title: 'Tea',
    address: oneOf(person, offers.pages),
    method: 'GET' as const,
    headers: {},
    schedule: schedule.repeat.kind === 'once' ? { ...schedule, repetitions: null } : schedule,
    extraction: random.int(2) === 0 ? { kind: 'regex' as const, expression: '([0-9]+) coins' } : null,
    onlyChanges: random.int(3) === 0,
    webhook: random.int(2) === 0 ? 'https://receiver.example/take' : null,
    mail: random.int(4) === 0,
    copies: 1 + random.int(2),
    instrument: null,
  };
  const order = await insist(person, `errand ${random.id()}`, (key) =>
    client('POST', '/api/errands/orders', { headers: { 'idempotency-key': key }, body }),
  );
  if (order === undefined) return;
  person.acknowledged.push({ kind: 'errand', id: order.id });
  await changeErrand(person, order.id);
}

function shortSchedule(person: Person) {
  const { random } = person;
  return {
    start: null,
    zone: 'UTC',
    repeat: random.int(4) === 0 ? { kind: 'once' as const } : { kind: 'interval' as const, seconds: 20 + random.int(60) },
    repetitions: 1 + random.int(5),
    jitterSeconds: random.int(3),
    activeHours: null,
    catchUp: oneOf(person, ['skip', 'one', 'all'] as const),
    lateSeconds: 60,
    overlap: oneOf(person, ['allow', 'skip'] as const),
  };
}

/** For hours, by the clocks of places whose date and summer time begin at other moments, and for some hours of the day only. */
function longSchedule(person: Person) {
  const { random } = person;
  const expression = oneOf(person, ['*/20 * * * *', '0 * * * *', '30 2 * * *', '0 0 * * *', '59 23 * * 1-6']);
  const seconds = 300 + random.int(7_200);
  return {
    start: null,
    zone: oneOf(person, ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland']),
    repeat: random.int(2) === 0 ? { kind: 'cron' as const, expression } : { kind: 'interval' as const, seconds },
    repetitions: 3 + random.int(20),
    jitterSeconds: random.int(60),
    activeHours: random.int(3) === 0 ? { days: [1, 2, 3, 6, 7], from: '20:00', to: '06:30' } : null,
    catchUp: oneOf(person, ['skip', 'one', 'all'] as const),
    lateSeconds: 60,
    overlap: oneOf(person, ['allow', 'skip'] as const),
  };
}

/** Some are paused for a while, run by hand, or cancelled. */
async function changeErrand(person: Person, id: string): Promise<void> {
  const { client, random } = person;
  const params = { id };
  await pause(person, 1_000, 40_000);
  const what = random.int(6);
  if (what === 0) await insist(person, 'cancel an errand', () => client('POST', '/api/errands/orders/:id/cancellation', { params }));
  if (what === 1) {
    await insist(person, 'pause an errand', () => client('POST', '/api/errands/orders/:id/pause', { params }));
    await pause(person, 1_000, 30_000);
    await insist(person, 'resume an errand', () => client('POST', '/api/errands/orders/:id/resume', { params }));
  }
  if (what === 2)
    await insist(person, `run ${random.id()}`, (key) =>
      client('POST', '/api/errands/orders/:id/runs', { params, headers: { 'idempotency-key': key } }),
    );
}
