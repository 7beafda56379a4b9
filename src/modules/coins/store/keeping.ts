/** What must be done to the ledger now and then: expired holds are let go, and rollups are folded. */
import { sql } from 'kysely';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import type { RoleStatus } from '#core/role.ts';
import { expireHolds } from '../post.ts';
import { foldRollups } from './accounts.ts';
import type { CoinsTables } from './tables.ts';

export type KeepingPorts = Pick<Ports, 'state' | 'clock' | 'log'>;

/** How often it is looked, and so how late an expired hold may be let go. */
export const keepingIntervalMs = 1_000;
const maxHoldsPerSweep = 200;

export interface Keeping {
  status(): RoleStatus;
  stop(): Promise<void>;
}

/** Many may do it at once: each row is taken by one of them. */
export function keepLedger({ state, clock, log }: KeepingPorts): Keeping {
  const stopping = new AbortController();
  let failure: string | undefined;

  async function keepOnce(): Promise<void> {
    const now = clock.now();
    // Looked for first, so that an idle house writes nothing.
    const due = await state.read((queries) => whatIsDue(queries, now));
    if (due.holds) await state.write((queries) => expireHolds(queries, now, maxHoldsPerSweep));
    if (due.tail) await state.write(foldRollups);
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await keepOnce();
        failure = undefined;
      } catch (error) {
        if (failure === undefined) log.warn({ err: error }, 'holds were not let go and balances not folded; it is tried again');
        failure = error instanceof Error ? error.message : String(error);
      }
      await clock.sleep(keepingIntervalMs, stopping.signal);
    }
  }

  const keeping = keep();
  return {
    status: () =>
      failure === undefined ? { ready: true, says: 'active' } : { ready: false, says: `expired holds cannot be let go: ${failure}` },
    async stop() {
      stopping.abort();
      await keeping;
    },
  };
}

async function whatIsDue(queries: Queries, now: number): Promise<{ readonly holds: boolean; readonly tail: boolean }> {
  const tables = queries.withTables<CoinsTables>();
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
