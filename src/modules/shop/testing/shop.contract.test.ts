/** The shop on the embedded State keeps what it promises. */
import { join } from 'node:path';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { shopContract } from './contract/shop.ts';

shopContract('sqlite', {
  async open(t) {
    const path = join(temporaryFolder(t), 'kontor.db');
    const state = await openSqliteState({ path, clock: manualClock({ flowing: true }), log: silentLog() });
    t.after(() => state.close());
    return state;
  },
});
