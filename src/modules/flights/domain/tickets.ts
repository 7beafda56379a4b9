/** The names of bookings and tickets. */
import { readableId } from '#core/readable-id.ts';

/** What the numbers of our e-tickets begin with, as each airline has three digits of its own. */
const airlineNumber = '745';

export function bookingIdFrom(randomHex: string): string {
  return readableId('KF', randomHex);
}

/** Such as `745-7G2MQ0ZD41XB-03`: made of the booking's id and the place of the ticket in it, so that no two are the same. */
export function ticketNumber(bookingId: string, place: number): string {
  return `${airlineNumber}-${bookingId.slice(3).replaceAll('-', '')}-${String(place + 1).padStart(2, '0')}`;
}
