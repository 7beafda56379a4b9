/** The contract of orders of errands on a real PostgreSQL server, and kill -9 of schedulers. */
import { describe, it } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { limitsContract } from '#modules/errands/testing/contract/limits.ts';
import { ordersContract } from '#modules/errands/testing/contract/orders.ts';
import { silentLog } from '#testkit/log.ts';
import { killSchedulers } from '../faults/scheduler-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  ordersContract('postgres', { open: database.state });
  limitsContract('postgres', { open: database.state });

  it('kills of schedulers make no run twice and lose none', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killSchedulers(t, state, {
      module: import.meta.resolve('#engines/state/postgres.ts'),
      name: 'openPostgresState',
      options: { url },
    });
  });
});
