/** Results in a PostgreSQL State keep every promise of the Results port, on a real server. */
import { describe } from 'node:test';
import { sql } from 'kysely';
import type { Results } from '#core/ports/results.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { openStateResults } from '#engines/results/state.ts';
import { resultsMigrations } from '#engines/results/tables.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { resultsContract } from '#testkit/contracts/results.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  resultsContract('state on postgres', {
    maxPrunedRows: 5_000,
    async open(t) {
      const url = await database.emptied();
      const clock = manualClock({ flowing: true });
      const opened: State[] = [];
      t.after(async () => {
        for (const state of opened) await state.close();
      });

      async function open(): Promise<{ state: State; results: Results }> {
        const state = await openPostgresState({ url, clock, log: silentLog() });
        opened.push(state);
        await state.migrate(resultsMigrations);
        return { state, results: openStateResults({ state }) };
      }

      const { state, results } = await open();
      const change = async (statement: (queries: Queries) => Promise<unknown>) => {
        await state.write(statement);
      };
      return {
        results,
        clock,
        openSecond: async () => (await open()).results,
        async reopen() {
          await state.close();
          return (await open()).results;
        },
        damage: {
          removeBatch: (company, number) =>
            change((queries) => sql`delete from result_batch where company = ${company} and number = ${number}`.execute(queries)),
          setBatchCount: (company, number, count) =>
            change((queries) =>
              sql`update result_batch set count = ${count} where company = ${company} and number = ${number}`.execute(queries),
            ),
          shiftBatch: (company, number, by) =>
            change((queries) =>
              sql`update result_batch set first_seq = first_seq + ${by}, last_seq = last_seq + ${by}
                where company = ${company} and number = ${number}`.execute(queries),
            ),
        },
        victim: {
          module: import.meta.resolve('#engines/results/state.ts'),
          name: 'openStateResults',
          options: { state: { module: import.meta.resolve('#engines/state/postgres.ts'), name: 'openPostgresState', options: { url } } },
        },
      };
    },
  });
});
