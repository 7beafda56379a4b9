/** A State of its own for a test: SQLite in a temporary folder, with the tables that the test names, closed when the test is over. */
import type { Migration, State } from '#core/ports/state.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from './clock.ts';
import { closing } from './closing.ts';
import { silentLog } from './log.ts';
import { type Cleanup, temporaryFile } from './temporary-folder.ts';

export async function temporaryState(t: Cleanup, migrations: readonly Migration[] = []): Promise<State> {
  const closed = closing(t);
  const file = temporaryFile(t);
  // The engine waits for other processes by its clock, which must not stand still.
  const state = closed(await openSqliteState({ ...file, clock: manualClock({ flowing: true }), log: silentLog() }));
  await state.migrate(migrations);
  return state;
}
