/** The people's room keeps its promises on PostgreSQL. */
import { describe } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { peopleContract } from '#testkit/contracts/people.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  peopleContract('PostgreSQL', async (t) => {
    const state = await openPostgresState({ url: await database.emptied(), clock: manualClock({ flowing: true }), log: silentLog() });
    t.after(() => state.close());
    return state;
  });
});
