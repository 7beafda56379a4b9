/** The ledger on SQLite keeps what it promises. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { ledgerContract } from './contract/ledger.ts';
import { ledgerCrowdsContract } from './contract/ledger-crowds.ts';
import { ledgerLawsContract } from './contract/ledger-laws.ts';

const contract = {
  async open(t: TestContext): Promise<State> {
    const opened: State[] = [];
    t.after(() => Promise.all(opened.map((state) => state.close())));
    const clock = manualClock({ flowing: true });
    const state = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock, log: silentLog() });
    opened.push(state);
    return state;
  },
};

ledgerContract('sqlite', contract);
ledgerCrowdsContract('sqlite', contract);
ledgerLawsContract('sqlite', contract);
