/** Booking as a part of the role flights-web: its routes, its desks, and the upkeep of what expires. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Route } from '#http/route.ts';
import { openBookingDesk } from '../../store/booking/book.ts';
import { openQuoteDesk } from '../../store/booking/quotes.ts';
import { keepBookings } from '../../store/booking/upkeep.ts';
import type { FlightsApi } from '../flights-api.ts';
import { bookingRoutes } from './routes.ts';
import type { Places } from './views.ts';

const upkeepMs = 60_000;

export interface Booking {
  readonly routes: readonly Route[];
  readonly upkeep: Pick<Chore, 'status'>;
  /** Answers what was asked, and takes no more. */
  stop(): Promise<void>;
}

export function openBooking({ ports, settings, visitors, accesses }: FlightsApi, places: Places, fail: (error: unknown) => void): Booking {
  const { state, clock, random, metrics } = ports;
  const quoteMs = settings.flightsQuoteMinutes * 60_000;
  const quoteDesk = openQuoteDesk(state, () => ({ random, now: clock.now(), quoteMs }));
  const bookingDesk = openBookingDesk(state, () => ({ random, now: clock.now() }));
  const upkeep = startChore({
    name: 'flights-booking-upkeep',
    ports,
    everyMs: upkeepMs,
    jitter: 0.2,
    firstAfterMs: upkeepMs,
    failing: 'expired quotes are not forgotten',
    fail,
    work: () => keepBookings({ state, clock }),
  });
  return {
    routes: bookingRoutes({ ports: { state, clock, metrics }, visitors, accesses, places, quoteDesk, bookingDesk }),
    upkeep,
    async stop() {
      await Promise.all([upkeep.stop(), quoteDesk.close(), bookingDesk.close()]);
    },
  };
}
