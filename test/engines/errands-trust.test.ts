/** The contract of trust on a real PostgreSQL server. */
import { describe } from 'node:test';
import { trustContract } from '#modules/errands/testing/contract/trust.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  trustContract('postgres', { open: database.state });
});
