/** The SQLite State keeps every promise of the State port. */
import { join } from 'node:path';
import type { State } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { openSqliteState } from './sqlite.ts';

const limits = { writeTimeoutMs: 2_000, maxWaiting: 500 };

stateContract('sqlite', {
  limits,
  async open(t) {
    const opened: State[] = [];
    t.after(async () => {
      for (const state of opened) await state.close();
    });
    const path = join(temporaryFolder(t), 'kontor.db');
    const clock = manualClock({ flowing: true });

    async function open(): Promise<State> {
      const state = await openSqliteState({ path, clock, log: silentLog(), ...limits });
      opened.push(state);
      return state;
    }

    const state = await open();
    return {
      state,
      clock,
      openSecond: open,
      async reopen() {
        await state.close();
        return open();
      },
      victim: { module: import.meta.resolve('./sqlite.ts'), name: 'openSqliteState', options: { path } },
    };
  },
});
