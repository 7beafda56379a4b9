/** The contract of prices on a real PostgreSQL server, and kill -9 of those who record accesses and compute prices. */
import { describe, it } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { pricingContract } from '#modules/flights/testing/contract/pricing.ts';
import { silentLog } from '#testkit/log.ts';
import { killRecorderAndPricer } from '../faults/lake-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  pricingContract('postgres', { open: database.state });

  it('kills of the recorder and the pricer lose no access, and every price is computed again', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killRecorderAndPricer(t, state, {
      module: import.meta.resolve('#engines/state/postgres.ts'),
      name: 'openPostgresState',
      options: { url },
    });
  });
});
