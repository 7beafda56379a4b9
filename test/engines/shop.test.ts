/** The shop on a real PostgreSQL server keeps what it promises. */
import { describe } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { shopContract } from '#testkit/contracts/shop.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  shopContract('postgres', {
    async open(t) {
      const url = await database.emptied();
      const state = await openPostgresState({ url, clock: manualClock({ flowing: true }), log: silentLog() });
      t.after(() => state.close());
      return state;
    },
  });
});
