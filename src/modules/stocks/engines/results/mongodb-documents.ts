/** The documents of results in MongoDB, and how batches, bars and cursors become them. */
import { createHash } from 'node:crypto';
import { type AnyBulkWriteOperation, type Collection, type Db, Double, ObjectId, type UpdateFilter } from 'mongodb';
import { KontorError } from '#core/errors.ts';
import type { Bar, BarInterval, Batch, Cursor } from '../../ports/results.ts';

/** `_id` is `ACME:42`. */
export type BatchDocument = Batch & { readonly _id: string };

/** `_id` is `ACME:1m:1772438400000`. */
export type BarDocument = Bar & {
  readonly _id: string;
  /** The number of the last application added to it: none is added twice. */
  readonly applied: number;
};

/** One for each company, under its code. docs/adr/0004 says how it is used to store an application as one. */
export interface CursorDocument {
  readonly _id: string;
  /** How many applications are wholly stored. */
  readonly applied: number;
  /** Names the attempt that made the last of them: a process that lost the answer to its commit can tell that it was its own. */
  readonly attempt: string | null;
  /** The cursor after them; null until the first is wholly stored. */
  readonly cursor: Cursor | null;
  /** The seconds in the newest id for foreign viewers: they never go back, whatever the clock does. */
  readonly viewerSeconds: number;
  /** Committed, and perhaps not wholly stored yet. */
  readonly pending?: PendingApplication | null;
}

export interface PendingApplication {
  /** `applied + 1`. */
  readonly number: number;
  readonly attempt: string;
  readonly cursor: Cursor;
  readonly viewerSeconds: number;
  readonly piece: Piece;
  /** How many more pieces there are, in documents of their own. */
  readonly morePieces: number;
}

/** A part of an application that fits into a document. */
export interface Piece {
  readonly batches: readonly Batch[];
  readonly bars: readonly Bar[];
}

/** `_id` is `ACME:<number>:<attempt>:<index>`. */
interface PieceDocument {
  readonly _id: string;
  readonly company: string;
  readonly attempt: string;
  /** The number of the application that it is for. */
  readonly number: number;
  readonly index: number;
  readonly piece: Piece;
}

/** What foreign viewers read: the newest `_id` of a company has its current average. Other fields are for Kontor. */
export interface ViewerDocument {
  readonly _id: ObjectId;
  readonly company: string;
  /** In units of the currency, such as 123.45. */
  readonly avgPrice: number;
  readonly batch: number;
}

interface MetaDocument {
  readonly _id: string;
  readonly value: string;
}

export interface Collections {
  readonly batches: Collection<BatchDocument>;
  readonly bars: Collection<BarDocument>;
  readonly cursors: Collection<CursorDocument>;
  readonly pieces: Collection<PieceDocument>;
  readonly meta: Collection<MetaDocument>;
  readonly viewers: Collection<ViewerDocument>;
}

const ownNames = {
  batches: 'kontor_batches',
  bars: 'kontor_bars',
  cursors: 'kontor_cursors',
  pieces: 'kontor_pieces',
  meta: 'kontor_meta',
};

export function collectionsOf(database: Db, viewersName: string): Collections {
  if (Object.values(ownNames).includes(viewersName)) {
    const message = `MONGODB_COLLECTION is "${viewersName}", which Kontor uses itself: choose another name, such as stocks`;
    throw new KontorError('invalid_option', message, { details: [{ field: 'MONGODB_COLLECTION', message }] });
  }
  return {
    batches: database.collection(ownNames.batches),
    bars: database.collection(ownNames.bars),
    cursors: database.collection(ownNames.cursors),
    pieces: database.collection(ownNames.pieces),
    meta: database.collection(ownNames.meta),
    viewers: database.collection(viewersName),
  };
}

export async function createIndexes({ batches, bars, pieces, viewers }: Collections): Promise<void> {
  await batches.createIndexes([{ key: { company: 1, number: 1 } }]);
  await bars.createIndexes([{ key: { company: 1, interval: 1, startAt: 1 } }]);
  await pieces.createIndexes([{ key: { company: 1, number: 1 } }]);
  // One a request: FerretDB 1.24 drops the connection when several are there already.
  await viewers.createIndexes([{ key: { company: 1, _id: -1 } }]);
  await viewers.createIndexes([{ key: { company: 1, batch: 1 } }]);
}

export function batchDocument(batch: Batch): BatchDocument {
  return { _id: `${batch.company}:${batch.number}`, ...batch };
}

export function batchOf({ _id, ...batch }: BatchDocument): Batch {
  return batch;
}

export function barOf({ _id, applied, ...bar }: BarDocument): Bar {
  return { ...bar, ...bounded(bar) };
}

/** Adds to the stored bar unless this application is in it already: then the insert fails as a duplicate of the bar's `_id`. */
export function barAddition(bar: Bar, number: number): AnyBulkWriteOperation<BarDocument> {
  const { company, interval, startAt, openCents, highCents, lowCents, closeCents, ...sums } = bar;
  const update: UpdateFilter<BarDocument> = {
    // Doubles add up exactly to 2^53; integers of 32 bits would change their type in between.
    $inc: mapValues(sums, (sum) => new Double(sum)),
    $max: { highCents },
    $min: { lowCents },
    $set: { closeCents, applied: number },
    $setOnInsert: { company, interval, startAt, openCents },
  };
  return { updateOne: { filter: { _id: barId(bar), applied: { $lt: number } }, update, upsert: true } };
}

/**
 * Ids in order of batches, the same at every try: seconds that never go back, the company, the batch's number. Where the
 * number's 24 bits overflow, the seconds go up by one.
 */
export function viewerDocument({ company, number, sumPriceCents, count }: Batch, viewerSeconds: number): ViewerDocument {
  const seconds = Math.min(viewerSeconds + Math.floor(number / counterRange), maxSeconds);
  const name = createHash('sha256').update(company).digest('hex').slice(0, 10);
  const id = `${hex(seconds, 8)}${name}${hex(number % counterRange, 6)}`;
  return { _id: new ObjectId(id), company, avgPrice: sumPriceCents / count / 100, batch: number };
}

const counterRange = 2 ** 24;
const maxSeconds = 2 ** 32 - 1;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function barId({ company, interval, startAt }: { company: string; interval: BarInterval; startAt: number }): string {
  return `${company}:${interval}:${startAt}`;
}

/** Sums stay at the ceiling when an hour's turnover outgrows what a double holds exactly. */
function bounded({ count, sumPriceCents, turnoverCents, volume, buys, buyVolume }: Bar) {
  return mapValues({ count, sumPriceCents, turnoverCents, volume, buys, buyVolume }, (sum) => Math.min(sum, Number.MAX_SAFE_INTEGER));
}

function mapValues<Key extends string, From, To>(record: Record<Key, From>, to: (value: From) => To): Record<Key, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value as From)])) as Record<Key, To>;
}

/** MongoDB has no `undefined`. */
export function storableCursor({ open, ...cursor }: Cursor): Cursor {
  return { ...cursor, open: (open ?? null) as Cursor['open'] };
}

export function cursorOf({ open, ...cursor }: Cursor): Cursor {
  return { ...cursor, open: open ?? undefined };
}
