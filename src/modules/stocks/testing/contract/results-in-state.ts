/** Results that are kept in a State, whichever engine serves it, as the Results' contract needs them. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { type EngineAddress, victimOpener } from '#testkit/contracts/engine-under-test.ts';
import type { StateEngine } from '#testkit/contracts/state-world.ts';
import { silentLog } from '#testkit/log.ts';
import { openStateResults } from '../../engines/results/state.ts';
import { resultsMigrations } from '../../engines/results/tables.ts';
import type { ResultsContract } from './results-world.ts';

export function resultsInState<Address extends EngineAddress>(engine: StateEngine<Address>): ResultsContract {
  return {
    maxPrunedRows: 5_000,
    async open(t) {
      const closed = closing(t);
      const address = await engine.address(t);
      const clock = manualClock({ flowing: true });
      const openState = async () => {
        const state = closed(await engine.open({ ...address, clock, log: silentLog() }));
        await state.migrate(resultsMigrations);
        return state;
      };
      const openSecond = async () => openStateResults({ state: await openState() });
      const state = await openState();
      const change = async (statement: (queries: Queries) => Promise<unknown>) => {
        await state.write(statement);
      };
      return {
        results: openStateResults({ state }),
        clock,
        openSecond,
        async reopen() {
          await state.close();
          return openSecond();
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
          module: import.meta.resolve('#modules/stocks/engines/results/state.ts'),
          name: openStateResults.name,
          options: { state: victimOpener(engine, address) },
        },
      };
    },
  };
}
