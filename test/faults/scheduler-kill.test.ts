/** kill -9 of schedulers of errands on the embedded State. */
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { killSchedulers } from './scheduler-kills.ts';

it('kills of schedulers make no run twice and lose none', async (t) => {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  t.after(() => state.close());
  await killSchedulers(t, state, {
    module: import.meta.resolve('#engines/state/sqlite.ts'),
    name: 'openSqliteState',
    options: { path },
  });
});
