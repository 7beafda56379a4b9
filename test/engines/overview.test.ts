/** The store of pulls on a real PostgreSQL server. */
import { describe } from 'node:test';
import { pullsContract } from '#modules/overview/testing/pulls-contract.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('the overview on PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  pullsContract('postgres', (t) => database.state(t));
});
