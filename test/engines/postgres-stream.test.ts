/** The PostgreSQL Stream keeps every promise of the Stream port, on a real server. */
import { describe } from 'node:test';
import type { Stream } from '#core/ports/stream.ts';
import { openPostgresStream } from '#engines/stream/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const limits = { publishTimeoutMs: 2_000, maxRetryMs: 1_000 };
const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  streamContract('postgres', {
    limits,
    knowsEnd: true,
    keepsAcknowledged: true,
    async open(t) {
      const opened: Stream[] = [];
      t.after(async () => {
        for (const stream of opened) await stream.close();
      });
      const url = await database.emptied();
      const clock = manualClock({ flowing: true });
      const holder = processHolder('first');

      async function open(heldBy = processHolder('other')): Promise<Stream> {
        const stream = await openPostgresStream({ url, clock, holder: heldBy, log: silentLog(), ...limits });
        opened.push(stream);
        return stream;
      }

      const stream = await open(holder);
      return {
        stream,
        clock,
        openSecond: () => open(),
        async reopen() {
          await stream.close();
          return open();
        },
        presumeDead: () => holder.bury(),
        victim: { module: import.meta.resolve('#engines/stream/postgres.ts'), name: 'openPostgresStream', options: { url } },
      };
    },
  });
});
