/** The shop's contract on a real PostgreSQL server. */
import { describe } from 'node:test';
import { shopContract } from '#modules/shop/testing/contract/shop.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  shopContract('postgres', { open: database.state });
});
