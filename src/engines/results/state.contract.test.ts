/** Results in the State keep every promise of the Results port, here on SQLite. */
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Results } from '#core/ports/results.ts';
import type { State } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { resultsContract } from '#testkit/contracts/results.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { openSqliteState } from '../state/sqlite.ts';
import { openStateResults } from './state.ts';
import { resultsMigrations } from './tables.ts';

resultsContract('state on sqlite', {
  maxPrunedRows: 5_000,
  async open(t) {
    const opened: State[] = [];
    t.after(async () => {
      for (const state of opened) await state.close();
    });
    const path = join(temporaryFolder(t), 'kontor.db');
    const clock = manualClock({ flowing: true });

    async function open(): Promise<{ state: State; results: Results }> {
      const state = await openSqliteState({ path, clock, log: silentLog() });
      opened.push(state);
      await state.migrate(resultsMigrations);
      return { state, results: openStateResults({ state }) };
    }

    const { state, results } = await open();
    return {
      results,
      clock,
      openSecond: async () => (await open()).results,
      async reopen() {
        await state.close();
        return (await open()).results;
      },
      damage: {
        async removeBatch(company, number) {
          await state.write((queries) => sql`delete from result_batch where company = ${company} and number = ${number}`.execute(queries));
        },
        async setBatchCount(company, number, count) {
          await state.write((queries) =>
            sql`update result_batch set count = ${count} where company = ${company} and number = ${number}`.execute(queries),
          );
        },
        async shiftBatch(company, number, by) {
          await state.write((queries) =>
            sql`update result_batch set first_seq = first_seq + ${by}, last_seq = last_seq + ${by}
              where company = ${company} and number = ${number}`.execute(queries),
          );
        },
      },
      victim: {
        module: import.meta.resolve('./state.ts'),
        name: 'openStateResults',
        options: { state: { module: import.meta.resolve('../state/sqlite.ts'), name: 'openSqliteState', options: { path } } },
      },
    };
  },
});
