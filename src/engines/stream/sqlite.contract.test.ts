/** The SQLite Stream keeps every promise of the Stream port. */
import { join } from 'node:path';
import type { Stream } from '#core/ports/stream.ts';
import { manualClock } from '#testkit/clock.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { openSqliteStream } from './sqlite.ts';

const limits = { publishTimeoutMs: 2_000, maxRetryMs: 1_000 };

streamContract('sqlite', {
  limits,
  knowsEnd: true,
  keepsAcknowledged: true,
  async open(t) {
    const opened: Stream[] = [];
    t.after(async () => {
      for (const stream of opened) await stream.close();
    });
    const path = join(temporaryFolder(t), 'stream.db');
    const clock = manualClock({ flowing: true });
    const holder = processHolder('first');

    async function open(heldBy = processHolder('other')): Promise<Stream> {
      const stream = await openSqliteStream({ path, clock, holder: heldBy, log: silentLog(), ...limits });
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
      victim: { module: import.meta.resolve('./sqlite.ts'), name: 'openSqliteStream', options: { path } },
    };
  },
});
