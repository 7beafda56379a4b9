/**
 * Batches of the bridge in the State: which messages of a queue are stored and perhaps not acknowledged yet.
 *
 * A batch is noted in the transaction that stores it, and the note is removed when the broker has confirmed the
 * acknowledgement, before anything more is taken from the queue. The next session of the queue finds the note, and knows
 * the batch if the broker hands it out a second time.
 */
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import type { BatchNote } from '../domain/bridge-note.ts';
import type { IncomingTrade } from '../domain/incoming.ts';
import { appendOutsideTrades } from './intake.ts';
import { stocksTables } from './tables.ts';

/** One bridge serving one queue, until another does. */
export interface Session {
  readonly company: string;
  readonly id: string;
}

/** Begins a session, after which earlier ones of the queue can store nothing. Resolves the note that was left behind. */
export async function beginSession(queries: Queries, { company, id }: Session): Promise<BatchNote | undefined> {
  const { batch, count, hash } = await stocksTables(queries)
    .insertInto('stocks_bridge')
    .values({ company, session: id, batch: null, count: 0, hash: '' })
    .onConflict((conflict) => conflict.column('company').doUpdateSet({ session: id }))
    .returning(['batch', 'count', 'hash'])
    .executeTakeFirstOrThrow();
  return batch === null ? undefined : { count, hash };
}

export interface BridgeBatch {
  readonly id: string;
  /** Of all messages taken, with bad ones and those stored before: what the broker hands out again, it hands out together. */
  readonly note: BatchNote;
  readonly trades: readonly IncomingTrade[];
}

/** Puts the trades on the tape, and the note with them; once, however often it is tried. */
export async function storeBatch(queries: Queries, { company, id }: Session, batch: BridgeBatch, now: number): Promise<void> {
  const { numUpdatedRows } = await stocksTables(queries)
    .updateTable('stocks_bridge')
    .set({ batch: batch.id, ...batch.note })
    .where('company', '=', company)
    .where('session', '=', id)
    .where((where) => where.or([where('batch', 'is', null), where('batch', '!=', batch.id)]))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return await expectSession(queries, { company, id });
  await appendOutsideTrades(queries, batch.trades, noOwners, now);
}

/** A queue is refused before it is served, if it is a simulated company's or stands for what a module sells. */
const noOwners = { simulated: new Set<string>(), moduleNames: [] };

/** The broker has confirmed the acknowledgement: the batch does not come again. */
export async function removeNote(queries: Queries, { company, id }: Session): Promise<void> {
  const { numUpdatedRows } = await stocksTables(queries)
    .updateTable('stocks_bridge')
    .set({ batch: null })
    .where('company', '=', company)
    .where('session', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw sessionOver(company);
}

async function expectSession(queries: Queries, { company, id }: Session): Promise<void> {
  const row = await stocksTables(queries).selectFrom('stocks_bridge').select('session').where('company', '=', company).executeTakeFirst();
  if (row?.session !== id) throw sessionOver(company);
}

function sessionOver(company: string): KontorError {
  return new KontorError('conflict', `another bridge serves the queue ${company} by now`);
}
