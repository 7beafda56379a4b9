/** kill -9 during checkouts on a real PostgreSQL server: the laws hold, and every acknowledged order is there. */
import { describe, it } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { killDuringCheckouts } from '../faults/checkout-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  it('kills during checkouts sell nothing twice, charge nothing twice, and lose no order', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killDuringCheckouts(t, state, {
      module: import.meta.resolve('#engines/state/postgres.ts'),
      name: 'openPostgresState',
      options: { url },
    });
  });
});
