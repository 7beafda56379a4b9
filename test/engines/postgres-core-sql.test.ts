/** Core's SQL on a real PostgreSQL server. */
import { describe } from 'node:test';
import { corePresenceContract } from '#testkit/contracts/core-presence.ts';
import { coreSqlContract } from '#testkit/contracts/core-sql.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('core on PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  coreSqlContract('postgres', 'postgres', (t) => database.state(t));
  corePresenceContract('postgres', (t) => database.state(t));
});
