/** kill -9 of desks and miners of errands on the embedded State. */
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { killDesks } from './desk-kills.ts';

it('kills of desks and miners pay no run twice and lose none', async (t) => {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  t.after(() => state.close());
  await killDesks(t, state, {
    module: import.meta.resolve('#engines/state/sqlite.ts'),
    name: 'openSqliteState',
    options: { path },
  });
});
