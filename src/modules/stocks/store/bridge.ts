/**
 * The bridge's memory in the State: which of a queue's messages are stored but perhaps not yet acknowledged.
 *
 * Messages of existing publishers have no number to know them by. So each batch is noted in the transaction that stores it, and
 * the note is crossed out when the broker has taken note of the acknowledgement, before anything more is taken from the queue.
 * Whoever serves the queue next finds the note, and knows the batch again should the broker hand it out a second time.
 */
import { createHash } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { InboxMessage } from '../ports/inbox.ts';
import { type IncomingTrade, putOnTape } from './intake.ts';

/** A batch that is stored, while it is not certain that the broker knows. */
export interface Note {
  readonly count: number;
  readonly hash: string;
}

type BridgeTables = {
  /** `batch` is null when the broker has taken note of the last batch's acknowledgement. */
  stocks_bridge: { company: string; session: string; batch: string | null; count: number; hash: string };
};

export const bridgeMigrations: readonly Migration[] = [
  {
    id: 'stocks-201-bridge',
    async up(queries) {
      await queries.schema
        .createTable('stocks_bridge')
        .addColumn('company', 'text', (column) => column.primaryKey())
        .addColumn('session', 'text', (column) => column.notNull())
        .addColumn('batch', 'text')
        .addColumn('count', 'bigint', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .execute();
    },
  },
];

/** Names one bridge's time with one queue. */
export interface Session {
  readonly company: string;
  readonly id: string;
}

/** Begins a session: whoever served the queue before can store nothing more. Resolves the note that was left behind. */
export async function beginSession(queries: Queries, { company, id }: Session): Promise<Note | undefined> {
  const { batch, count, hash } = await queries
    .withTables<BridgeTables>()
    .insertInto('stocks_bridge')
    .values({ company, session: id, batch: null, count: 0, hash: '' })
    .onConflict((conflict) => conflict.column('company').doUpdateSet({ session: id }))
    .returning(['batch', 'count', 'hash'])
    .executeTakeFirstOrThrow();
  return batch === null ? undefined : { count, hash };
}

export interface BridgeBatch {
  readonly id: string;
  /** Of all messages taken, bad ones and those stored before included: what the broker hands out again, it hands out together. */
  readonly note: Note;
  readonly trades: readonly IncomingTrade[];
}

/** Puts the trades on the tape, and the note with them; once, however often it is tried. */
export async function storeBatch(queries: Queries, { company, id }: Session, batch: BridgeBatch, now: number): Promise<void> {
  const tables = queries.withTables<BridgeTables>();
  const { numUpdatedRows } = await tables
    .updateTable('stocks_bridge')
    .set({ batch: batch.id, ...batch.note })
    .where('company', '=', company)
    .where('session', '=', id)
    .where((where) => where.or([where('batch', 'is', null), where('batch', '!=', batch.id)]))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return await expectSession(queries, { company, id });
  if (batch.trades.length > 0) await putOnTape(queries, batch.trades, { simulated: new Set() }, now);
}

/** The broker has taken note: the batch does not come again. */
export async function crossOut(queries: Queries, { company, id }: Session): Promise<void> {
  const { numUpdatedRows } = await queries
    .withTables<BridgeTables>()
    .updateTable('stocks_bridge')
    .set({ batch: null })
    .where('company', '=', company)
    .where('session', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw sessionOver(company);
}

async function expectSession(queries: Queries, { company, id }: Session): Promise<void> {
  const row = await queries
    .withTables<BridgeTables>()
    .selectFrom('stocks_bridge')
    .select('session')
    .where('company', '=', company)
    .executeTakeFirst();
  if (row?.session !== id) throw sessionOver(company);
}

function sessionOver(company: string): KontorError {
  return new KontorError('conflict', `another bridge serves the queue ${company} by now`);
}

export function noteOf(messages: readonly InboxMessage[]): Note {
  const hash = createHash('sha256');
  const length = new Uint32Array(1);
  for (const { body } of messages) {
    // The length first, so that the same bytes cut otherwise are other messages.
    length[0] = body.length;
    hash.update(length).update(body);
  }
  return { count: messages.length, hash: hash.digest('hex') };
}

/** How many of the messages, from the first on, are the noted batch again. */
export function knownAgain(messages: readonly InboxMessage[], note: Note | undefined): number {
  if (note === undefined || messages.length < note.count) return 0;
  const begin = messages.slice(0, note.count);
  return begin.every(({ redelivered }) => redelivered) && noteOf(begin).hash === note.hash ? note.count : 0;
}
