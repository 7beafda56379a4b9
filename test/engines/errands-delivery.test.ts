/** The feed, results, delivery and days of errands on a real PostgreSQL server. */
import { describe, it } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { daysContract } from '#modules/errands/testing/contract/days.ts';
import { deliveryContract } from '#modules/errands/testing/contract/delivery.ts';
import { feedContract } from '#modules/errands/testing/contract/feed.ts';
import { resultsContract } from '#modules/errands/testing/contract/results.ts';
import { silentLog } from '#testkit/log.ts';
import { killDuringDelivery } from '../faults/errands-delivery-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  feedContract('postgres', { open: database.state });
  resultsContract('postgres', { open: database.state });
  deliveryContract('postgres', { open: database.state });
  daysContract('postgres', { open: database.state });

  it('loses and doubles nothing on the disk of a customer, and sends every webhook, however often instances and clients are killed', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killDuringDelivery(t, state, url);
  });
});
