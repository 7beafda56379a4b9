/** The PostgreSQL State keeps every promise of the State port, on a real server. */
import { describe } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const limits = { writeTimeoutMs: 2_000, maxWaiting: 500 };
const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  stateContract('postgres', {
    limits,
    async open(t) {
      const url = await database.emptied();
      const clock = manualClock({ flowing: true });
      const opened: State[] = [];
      t.after(async () => {
        for (const state of opened) await state.close();
      });

      async function open(): Promise<State> {
        const state = await openPostgresState({ url, clock, log: silentLog(), ...limits });
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
        victim: { module: import.meta.resolve('#engines/state/postgres.ts'), name: 'openPostgresState', options: { url } },
      };
    },
  });
});
