/** The contracts of State, Stream and Results on a real PostgreSQL server. */
import { describe } from 'node:test';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openPostgresStream } from '#engines/stream/postgres.ts';
import { resultsContract } from '#modules/stocks/testing/contract/results.ts';
import { resultsInState } from '#modules/stocks/testing/contract/results-in-state.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { stateOn } from '#testkit/contracts/state-world.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { streamOn } from '#testkit/contracts/stream-world.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const address = async () => ({ url: await database.emptied() });
  const state = { open: openPostgresState, module: import.meta.resolve('#engines/state/postgres.ts'), address };
  const stream = { open: openPostgresStream, module: import.meta.resolve('#engines/stream/postgres.ts'), address };

  stateContract('postgres', stateOn(state));
  streamContract('postgres', streamOn(stream));
  resultsContract('state on postgres', resultsInState(state));
});
