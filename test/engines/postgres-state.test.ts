/** The PostgreSQL State keeps every promise of the State port, on a real server. */
import { describe } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { stateOn } from '#testkit/contracts/state-world.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const postgres = stateOn({
    open: openPostgresState,
    module: import.meta.resolve('#engines/state/postgres.ts'),
    address: async () => ({ url: await database.emptied() }),
  });

  stateContract('postgres', postgres);
});
