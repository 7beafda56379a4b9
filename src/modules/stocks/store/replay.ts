/** How far the replay of each file has come: stored with the trades, so that none is put on the tape twice. */
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import type { IncomingTrade } from '../domain/incoming.ts';
import type { CodeOwners } from '../domain/instruments.ts';
import { appendOutsideTrades } from './intake.ts';
import { stocksTables } from './tables.ts';

/** Records the file if it is new; resolves how many of its trades are on the tape already. */
export async function beginReplay(queries: Queries, id: string, total: number, now: number): Promise<number> {
  await stocksTables(queries)
    .insertInto('stocks_replay')
    .values({ id, total, done: 0, started_at: now, changed_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return doneOf(queries, id);
}

async function doneOf(queries: Queries, id: string): Promise<number> {
  const { done } = await stocksTables(queries).selectFrom('stocks_replay').select('done').where('id', '=', id).executeTakeFirstOrThrow();
  return done;
}

/**
 * Stores the trades of a file that follow its first `from`, and with them how far the replay has come. It may be further
 * than that: after an earlier try whose outcome is unknown, or by another replay of the same file.
 */
export async function storeReplayed(
  queries: Queries,
  { id, from, trades }: { readonly id: string; readonly from: number; readonly trades: readonly IncomingTrade[] },
  owners: CodeOwners,
  now: number,
): Promise<void> {
  const done = await doneOf(queries, id);
  const missing = trades.slice(Math.max(0, done - from));
  if (missing.length === 0) return;
  const { numUpdatedRows } = await stocksTables(queries)
    .updateTable('stocks_replay')
    .set({ done: from + trades.length, changed_at: now })
    .where('id', '=', id)
    .where('done', '=', done)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new KontorError('overloaded', 'Another replay of the same file is running');
  await appendOutsideTrades(queries, missing, owners, now);
}
