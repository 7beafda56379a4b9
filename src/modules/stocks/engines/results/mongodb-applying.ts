/**
 * Stores an application as one without transactions: a single write commits it, whole, into the company's cursor document;
 * everything after that can be done by any process, any number of times. The protocol: docs/adr/0004.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AnyBulkWriteOperation, Collection, Document, Filter, OptionalUnlessRequiredId } from 'mongodb';
import { invariant, KontorError } from '#core/errors.ts';
import type { Application } from '../../ports/results.ts';
import {
  type BarDocument,
  barAddition,
  batchDocument,
  type Collections,
  type CursorDocument,
  type PendingApplication,
  type Piece,
  storableCursor,
  viewerDocument,
} from './mongodb-documents.ts';
import { isDuplicate, isOnlyDuplicates } from './mongodb-errors.ts';

const maxPieces = 200;
/** Documents written with one request. */
const requestRows = 1_000;

const nothing: Piece = { batches: [], bars: [] };

/** One call of `apply`, however often it has to be tried. */
export interface Attempt {
  readonly id: string;
  readonly nowSeconds: number;
  /** How many batches and bars go into one document. */
  readonly pieceRows: number;
}

/** May be tried again with the same attempt when its outcome is unknown. */
export async function applyOnce(collections: Collections, application: Application, attempt: Attempt): Promise<'stored' | 'stale'> {
  const { company } = application.cursor;
  const before = await completed(collections, company);
  if (before?.attempt === attempt.id) return 'stored';
  if ((before?.cursor?.position ?? 0) !== application.from) return 'stale';
  refuseUnfit(application, before?.cursor?.batches ?? 0);

  const number = (before?.applied ?? 0) + 1;
  const [piece = nothing, ...more] = cut(application, attempt.pieceRows);
  const pending: PendingApplication = {
    number,
    attempt: attempt.id,
    cursor: storableCursor(application.cursor),
    viewerSeconds: Math.max(before?.viewerSeconds ?? 0, attempt.nowSeconds),
    piece,
    morePieces: more.length,
  };
  if (more.length > 0) {
    const documents = more.map((each, index) => ({
      _id: `${company}:${number}:${attempt.id}:${index}`,
      company,
      attempt: attempt.id,
      number,
      index,
      piece: each,
    }));
    await collections.pieces.insertMany(documents, { ordered: false }).catch(unlessOnlyDuplicates);
  }
  if (await commit(collections, company, before, pending)) {
    await complete(collections, company, pending);
    return 'stored';
  }
  const after = await completed(collections, company);
  // Another process was faster, or the client sent it twice and it is ours. Where others went on since, `stale` is right too.
  return after?.attempt === attempt.id ? 'stored' : 'stale';
}

/** The company's document, after its pending application was completed. */
export async function completed(collections: Collections, company: string): Promise<CursorDocument | undefined> {
  const document = await collections.cursors.findOne({ _id: company });
  if (!document?.pending) return document ?? undefined;
  const { number, attempt, cursor, viewerSeconds } = document.pending;
  await complete(collections, company, document.pending);
  return { _id: company, applied: number, attempt, cursor, viewerSeconds };
}

/** The one write that decides: true when nothing was committed since `before` was read. */
async function commit(
  { cursors }: Collections,
  company: string,
  before: CursorDocument | undefined,
  pending: PendingApplication,
): Promise<boolean> {
  if (before === undefined) {
    try {
      await cursors.insertOne({ _id: company, applied: 0, attempt: null, cursor: null, viewerSeconds: 0, pending });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
  const { matchedCount } = await cursors.updateOne({ _id: company, applied: before.applied, pending: null }, { $set: { pending } });
  return matchedCount === 1;
}

/** Doing this again is harmless, even in several processes at once and after others have gone further. */
async function complete(collections: Collections, company: string, pending: PendingApplication): Promise<void> {
  const { number, attempt, cursor, viewerSeconds } = pending;
  const pieces = [pending.piece, ...(await morePieces(collections, pending))];
  if (pieces.length <= pending.morePieces && (await isSettled(collections, company, number))) return;
  invariant(pieces.length === pending.morePieces + 1, `${company}: pieces of application ${number} are missing`);

  const batches = pieces.flatMap((piece) => piece.batches);
  const additions = pieces.flatMap((piece) => piece.bars).map((bar) => barAddition(bar, number));
  await Promise.all([
    insertEqual(collections.batches, batches.map(batchDocument)),
    insertEqual(
      collections.viewers,
      batches.map((batch) => viewerDocument(batch, viewerSeconds)),
    ),
    addToBars(collections.bars, additions),
  ]);
  await collections.cursors.updateOne(
    { _id: company, 'pending.number': number },
    { $set: { applied: number, attempt, cursor, viewerSeconds }, $unset: { pending: true } },
  );
  // Those that a crash leaves here, `prune` removes.
  if (pending.morePieces > 0) await collections.pieces.deleteMany({ company, number: { $lte: number } });
}

async function morePieces({ pieces }: Collections, { number, attempt, cursor, morePieces }: PendingApplication): Promise<readonly Piece[]> {
  if (morePieces === 0) return [];
  const documents = await pieces.find({ company: cursor.company, number, attempt }).sort({ index: 1 }).toArray();
  return documents.map(({ piece }) => piece);
}

/** Another process has completed it and removed its pieces. */
async function isSettled({ cursors }: Collections, company: string, number: number): Promise<boolean> {
  const document = await cursors.findOne({ _id: company }, { projection: { applied: 1 } });
  return document !== null && document.applied >= number;
}

/** An existing document counts as stored only if it is equal. */
async function insertEqual<Stored extends Document & { readonly _id: unknown }>(
  collection: Collection<Stored>,
  documents: readonly Stored[],
): Promise<void> {
  for (const request of inRequests(documents)) {
    try {
      await collection.insertMany(request as OptionalUnlessRequiredId<Stored>[], { ordered: false });
    } catch (error) {
      if (!isOnlyDuplicates(error)) throw error;
      const ours = new Map(request.map((document) => [String(document._id), document]));
      const there = [error.writeErrors].flat().map(({ index }) => request[index]?._id);
      // A document that is gone was removed by `prune`: others completed this long ago.
      for await (const stored of collection.find({ _id: { $in: there } } as Filter<Stored>)) {
        if (!isDeepStrictEqual(stored, ours.get(String(stored._id)))) throw differs(collection.collectionName, stored._id);
      }
    }
  }
}

async function addToBars(bars: Collection<BarDocument>, additions: readonly AnyBulkWriteOperation<BarDocument>[]): Promise<void> {
  for (const request of inRequests(additions)) await bars.bulkWrite(request, { ordered: false }).catch(unlessOnlyDuplicates);
}

/** Each request has its own time limit. */
function* inRequests<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += requestRows) yield items.slice(start, start + requestRows);
}

function unlessOnlyDuplicates(error: unknown): void {
  if (!isOnlyDuplicates(error)) throw error;
}

/** A committed application must be completable: what could not be stored is refused before. */
function refuseUnfit({ from, cursor, batches, bars }: Application, closed: number): void {
  const { company } = cursor;
  invariant(cursor.position >= from, `${company}: an application goes back from ${from} to ${cursor.position}`);
  const next = batches.every((batch, index) => batch.company === company && batch.number === closed + index + 1);
  invariant(next && closed + batches.length === cursor.batches, `${company}: the batches do not follow batch ${closed}`);
  const bar = bars.find((each) => each.company !== company);
  invariant(bar === undefined, `${company}: there is a bar of ${bar?.company} in its application`);
}

function cut({ cursor, batches, bars }: Application, pieceRows: number): readonly Piece[] {
  const count = Math.max(1, Math.ceil(Math.max(batches.length, bars.length) / pieceRows));
  if (count > maxPieces) {
    const rows = `${batches.length} batches and ${bars.length} bars`;
    throw new KontorError(
      'too_large',
      `${cursor.company}: ${rows} are more than one application may have (${maxPieces * pieceRows} of each)`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [index * pieceRows, (index + 1) * pieceRows];
    return { batches: batches.slice(start, end), bars: bars.slice(start, end) };
  });
}

function differs(collection: string, id: unknown): KontorError {
  return new KontorError(
    'storage_damaged',
    `${collection} already has ${String(id)} with other content than the trades give: were the results restored in part? Remove it, and it is written again`,
  );
}
