/** kill -9 during checkouts on the embedded State: the laws hold, and every acknowledged order is stored. */
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { killDuringCheckouts } from './checkout-kills.ts';

it('kills during checkouts sell nothing twice, charge nothing twice, and lose no order', async (t) => {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  t.after(() => state.close());
  await killDuringCheckouts(t, state, {
    module: import.meta.resolve('#engines/state/sqlite.ts'),
    name: 'openSqliteState',
    options: { path },
  });
});
