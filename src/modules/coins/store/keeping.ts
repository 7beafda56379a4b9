/** Periodic work on the ledger: expired holds are released, and rollups are folded. */
import { sql } from 'kysely';
import { type Chore, type ChorePorts, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { foldRollups } from './accounts.ts';
import { expireHolds } from './holds.ts';
import { coinsTables } from './tables.ts';

export type KeepingPorts = ChorePorts & Pick<Ports, 'state'>;

/** How often it looks, and so how late an expired hold may be released. */
export const keepingIntervalMs = 1_000;
const maxHoldsPerSweep = 200;

/** Many processes may do it at once: each row is taken by one of them. */
export function keepLedger(ports: KeepingPorts): Chore {
  const { state, clock } = ports;
  return startChore({
    name: 'coins-keeping',
    ports,
    everyMs: keepingIntervalMs,
    maxPauseMs: 5 * keepingIntervalMs,
    failing: 'expired holds are not released and balances not folded',
    async work() {
      const now = clock.now();
      // Read first, so that an idle house writes nothing.
      const due = await state.read((queries) => whatIsDue(queries, now));
      if (due.holds) await state.write((queries) => expireHolds(queries, now, maxHoldsPerSweep));
      if (due.tail) await state.write(foldRollups);
    },
  });
}

async function whatIsDue(queries: Queries, now: number): Promise<{ readonly holds: boolean; readonly tail: boolean }> {
  const tables = coinsTables(queries);
  const hold = await tables
    .selectFrom('coins_hold')
    .select('id')
    .where('state', '=', sql.lit('open'))
    .where('expires_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  const tail = await tables.selectFrom('coins_tail').select('id').limit(1).executeTakeFirst();
  return { holds: hold !== undefined, tail: tail !== undefined };
}
