/** Detects commits of other processes to the same file by polling its version. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { SqliteConnection } from './connection.ts';

const pollMs = 50;

export function watchForeignChanges(connection: SqliteConnection, ports: { clock: Clock; log: Log }, changed: () => void): Chore {
  let seen = connection.dataVersion();
  return startChore({
    name: 'foreign-changes',
    ports,
    everyMs: pollMs,
    firstAfterMs: pollMs,
    failing: `changes by other processes to ${connection.path} are not seen`,
    async work() {
      const version = connection.dataVersion();
      if (version !== seen) changed();
      seen = version;
    },
  });
}
