/** The contract of the people module on a real PostgreSQL server. */
import { describe } from 'node:test';
import { peopleContract } from '#modules/people/testing/contract/people.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  peopleContract('PostgreSQL', database.state);
});
