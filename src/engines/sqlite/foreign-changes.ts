/** Commits of other processes to the same file, noticed by looking at its version. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { SqliteConnection } from './connection.ts';

const lookEveryMs = 50;

export function watchForeignChanges(connection: SqliteConnection, ports: { clock: Clock; log: Log }, changed: () => void): Chore {
  let seen = connection.dataVersion();
  return startChore({
    name: 'foreign-changes',
    ports,
    everyMs: lookEveryMs,
    firstAfterMs: lookEveryMs,
    failing: `changes by other processes to ${connection.path} are not seen`,
    async work() {
      const version = connection.dataVersion();
      if (version !== seen) changed();
      seen = version;
    },
  });
}
