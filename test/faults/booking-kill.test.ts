/** kill -9 during bookings of flights on the embedded State: the laws hold, and every acknowledged booking is stored. */
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { killDuringBookings } from './booking-kills.ts';

it('kills during bookings sell no seat twice, charge nothing twice, and lose no booking', async (t) => {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  t.after(() => state.close());
  await killDuringBookings(t, state, {
    module: import.meta.resolve('#engines/state/sqlite.ts'),
    name: 'openSqliteState',
    options: { path },
  });
});
