/** The PostgreSQL Stream keeps every promise of the Stream port, on a real server. */
import { describe } from 'node:test';
import { openPostgresStream } from '#engines/stream/postgres.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { streamOn } from '#testkit/contracts/stream-world.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const postgres = streamOn({
    open: openPostgresStream,
    module: import.meta.resolve('#engines/stream/postgres.ts'),
    address: async () => ({ url: await database.emptied() }),
  });

  streamContract('postgres', postgres);
});
