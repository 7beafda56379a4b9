/** What bookings do by themselves: forget old quotes and request keys. Any number of processes may do it at once. */
import type { Ports } from '#core/ports/ports.ts';
import { pruneQuotes } from './quotes.ts';
import { bookingKeys } from './tables.ts';

const hourMs = 3_600_000;
const perRound = 500;
/** So long a quote can still be shown as expired or booked. */
const keepQuotesMs = 2 * hourMs;
const keepRequestsMs = 7 * 24 * hourMs;

/** One bounded round; `more` while there is more to do. */
export async function keepBookings({ state, clock }: Pick<Ports, 'state' | 'clock'>): Promise<'more' | undefined> {
  const now = clock.now();
  const removed = await state.write(async (queries) => [
    await pruneQuotes(queries, now - keepQuotesMs, perRound),
    await bookingKeys.prune(queries, now - keepRequestsMs, perRound),
  ]);
  return removed.includes(perRound) ? 'more' : undefined;
}
