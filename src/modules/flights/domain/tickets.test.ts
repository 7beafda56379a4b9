/** The names of bookings and tickets. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { bookingIdFrom, ticketNumber } from './tickets.ts';

it('names bookings as the API takes them, and tickets by their booking and their place in it', () => {
  const random = seededRandom(1);
  const ids = Array.from({ length: 1_000 }, () => bookingIdFrom(random.id()));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^KF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.equal(ticketNumber('KF-7G2M-Q0ZD-41XB', 0), '745-7G2MQ0ZD41XB-01');
  assert.equal(ticketNumber('KF-7G2M-Q0ZD-41XB', 35), '745-7G2MQ0ZD41XB-36');
});
