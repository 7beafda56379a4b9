/** A State for one test: SQLite in a temporary folder, with the tables that the test names, closed after the test. */
import type { Migration, State } from '#core/ports/state.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from './clock.ts';
import { closing } from './closing.ts';
import { silentLog } from './log.ts';
import { type Cleanup, temporaryFile } from './temporary-folder.ts';

export async function temporaryState(t: Cleanup, migrations: readonly Migration[] = []): Promise<State> {
  const closed = closing(t);
  const file = temporaryFile(t);
  // The engine waits for other processes by this clock, so it must flow.
  const state = closed(await openSqliteState({ ...file, clock: manualClock({ flowing: true }), log: silentLog() }));
  await state.migrate(migrations);
  return state;
}
