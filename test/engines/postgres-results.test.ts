/** Results in a PostgreSQL State keep every promise of the Results port, on a real server. */
import { describe } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { resultsContract } from '#testkit/contracts/results.ts';
import { resultsInState } from '#testkit/contracts/results-in-state.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const postgres = resultsInState({
    open: openPostgresState,
    module: import.meta.resolve('#engines/state/postgres.ts'),
    address: async () => ({ url: await database.emptied() }),
  });

  resultsContract('state on postgres', postgres);
});
