/** The ledger on a real PostgreSQL server keeps what it promises. */
import { describe, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { ledgerContract } from '#testkit/contracts/ledger.ts';
import { ledgerCrowdsContract } from '#testkit/contracts/ledger-crowds.ts';
import { ledgerLawsContract } from '#testkit/contracts/ledger-laws.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const contract = {
    async open(t: TestContext): Promise<State> {
      const url = await database.emptied();
      const state = await openPostgresState({ url, clock: manualClock({ flowing: true }), log: silentLog() });
      t.after(() => state.close());
      return state;
    },
  };

  ledgerContract('postgres', contract);
  ledgerCrowdsContract('postgres', contract);
  ledgerLawsContract('postgres', contract);
});
