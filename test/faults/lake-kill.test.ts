/** kill -9 of the recorder and of the pricer of flights on the embedded State. */
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { killRecorderAndPricer } from './lake-kills.ts';

it('kills of the recorder and the pricer lose no access, and every price is computed again', async (t) => {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  t.after(() => state.close());
  await killRecorderAndPricer(t, state, {
    module: import.meta.resolve('#engines/state/sqlite.ts'),
    name: 'openSqliteState',
    options: { path },
  });
});
