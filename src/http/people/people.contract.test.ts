/** The people's room keeps its promises on SQLite. */
import { join } from 'node:path';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { peopleContract } from '#testkit/contracts/people.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

peopleContract('SQLite', async (t) => {
  const state = await openSqliteState({
    path: join(temporaryFolder(t), 'state.db'),
    clock: manualClock({ flowing: true }),
    log: silentLog(),
  });
  t.after(() => state.close());
  return state;
});
