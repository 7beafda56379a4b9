/** The contract of booking flights on a real PostgreSQL server, and kill -9 in the middle of it. */
import { describe, it } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { bookingContract } from '#modules/flights/testing/contract/booking.ts';
import { silentLog } from '#testkit/log.ts';
import { killDuringBookings } from '../faults/booking-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  bookingContract('postgres', { open: database.state });

  it('kills during bookings sell no seat twice, charge nothing twice, and lose no booking', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killDuringBookings(t, state, {
      module: import.meta.resolve('#engines/state/postgres.ts'),
      name: 'openPostgresState',
      options: { url },
    });
  });
});
