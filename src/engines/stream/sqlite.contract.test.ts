/** The SQLite Stream keeps every promise of the Stream port. */
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { manualClock } from '#testkit/clock.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { streamOn } from '#testkit/contracts/stream-world.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { openSqliteStream } from './sqlite.ts';

streamContract('sqlite', streamOn({ open: openSqliteStream, module: import.meta.resolve('./sqlite.ts'), address: temporaryFile }));

it('a stream is opened though another process holds its file for a moment, whenever that is', async (t) => {
  const seen = new Set<DatabaseSync>();
  const { exec } = DatabaseSync.prototype;
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    // Every second connection of this thread is refused at first.
    const isRefused = !seen.has(this) && seen.size % 2 === 0;
    seen.add(this);
    if (isRefused) throw Object.assign(new Error('database is locked'), { errcode: 5 });
    return exec.call(this, sql);
  });
  const options = { ...temporaryFile(t), clock: manualClock({ flowing: true }), holder: processHolder('one'), log: silentLog() };
  const stream = await openSqliteStream(options);
  await stream.close();
});
