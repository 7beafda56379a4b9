/** Results in a MongoDB replica set: batches, bars and cursors as documents, and averages for foreign viewers beside them. */
import { randomUUID } from 'node:crypto';
import type { Filter, Sort } from 'mongodb';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import {
  type Application,
  type Bar,
  type BarInterval,
  type BarQuery,
  type Batch,
  type BatchInventory,
  barIntervals,
  type Cursor,
  type Results,
  type Retention,
} from '../../ports/results.ts';
import { applyOnce, completed } from './mongodb-applying.ts';
import { CursorChanges } from './mongodb-changes.ts';
import { MongodbConnection } from './mongodb-connection.ts';
import { type BatchDocument, barOf, batchOf, type Collections, collectionsOf, createIndexes, cursorOf } from './mongodb-documents.ts';
import { isDuplicate } from './mongodb-errors.ts';

export interface MongodbResultsOptions {
  readonly url: string;
  readonly database: string;
  /** Where foreign viewers look for averages. */
  readonly collection: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly patienceMs?: number;
  readonly answerTimeoutMs?: number;
  /** How many batches, and how many bars, of an application go into one document. */
  readonly pieceRows?: number;
}

/** With MongoDB's defaults, an election takes up to 12 seconds. */
const defaultPatienceMs = 20_000;
const defaultAnswerTimeoutMs = 10_000;
/** A row has some 400 bytes: far below the 16 MB that a document may have. */
const defaultPieceRows = 2_500;
const maxMisfits = 20;
/** Most documents of one company and kind that one `prune` removes. */
const pruneChunk = 5_000;

/** FerretDB reads a document, changes it and writes it back in steps, so its updates do not compare and set. */
const ferretdbWarning =
  'RESULTS_URL is a FerretDB: two processes that write at once may count a trade twice in its bars; use it for trials only';

export async function openMongodbResults(options: MongodbResultsOptions): Promise<Results> {
  const { collection, clock, log } = options;
  const connection = new MongodbConnection({
    ...options,
    patienceMs: options.patienceMs ?? defaultPatienceMs,
    answerTimeoutMs: options.answerTimeoutMs ?? defaultAnswerTimeoutMs,
  });
  try {
    const collections = collectionsOf(connection.database, collection);
    await connection.patiently(() => createIndexes(collections));
    const { ferretdbVersion } = await connection.patiently(() => connection.database.command({ buildInfo: 1 }));
    if (ferretdbVersion !== undefined) log.warn({ ferretdbVersion }, ferretdbWarning);
    return new MongodbResults(connection, collections, options.pieceRows ?? defaultPieceRows, clock, log);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class MongodbResults implements Results {
  readonly #connection: MongodbConnection;
  readonly #collections: Collections;
  readonly #pieceRows: number;
  readonly #clock: Clock;
  readonly #changes: CursorChanges;
  #epoch: string | undefined;

  constructor(connection: MongodbConnection, collections: Collections, pieceRows: number, clock: Clock, log: Log) {
    this.#connection = connection;
    this.#pieceRows = pieceRows;
    this.#collections = collections;
    this.#clock = clock;
    this.#changes = new CursorChanges({ cursors: collections.cursors, clock, log });
  }

  async epoch(): Promise<string> {
    this.#epoch ??= await this.#patiently(async ({ meta }) => {
      try {
        await meta.updateOne({ _id: 'epoch' }, { $setOnInsert: { value: randomUUID() } }, { upsert: true });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      return (await meta.findOne({ _id: 'epoch' }))?.value;
    });
    if (this.#epoch === undefined)
      throw new KontorError('unavailable', 'The epoch of these results is not confirmed by a majority yet: try again');
    return this.#epoch;
  }

  async load(company: string): Promise<Cursor | undefined> {
    const document = await this.#patiently((collections) => completed(collections, company));
    return document?.cursor ? cursorOf(document.cursor) : undefined;
  }

  apply(application: Application): Promise<'stored' | 'stale'> {
    const attempt = { id: randomUUID(), nowSeconds: Math.floor(this.#clock.now() / 1_000), pieceRows: this.#pieceRows };
    return this.#patiently((collections) => applyOnce(collections, application, attempt));
  }

  async cursors(): Promise<readonly Cursor[]> {
    const documents = await this.#patiently(({ cursors }) =>
      cursors
        .find({ cursor: { $ne: null } }, { projection: { cursor: 1 } })
        .sort({ _id: 1 })
        .toArray(),
    );
    return documents.flatMap(({ cursor }) => (cursor === null ? [] : [cursorOf(cursor)]));
  }

  batchesAfter(company: string, after: number, limit: number): Promise<readonly Batch[]> {
    return this.#batches({ company, number: { $gt: after } }, { number: 1 }, limit);
  }

  async newestBatches(company: string, limit: number): Promise<readonly Batch[]> {
    return (await this.#batches({ company }, { number: -1 }, limit)).toReversed();
  }

  async bars({ company, interval, from, to, limit, take }: BarQuery): Promise<readonly Bar[]> {
    if (limit < 1) return [];
    const documents = await this.#patiently(({ bars }) =>
      bars
        .find({ company, interval, startAt: { $gte: from, $lt: to } })
        .sort({ startAt: take === 'newest' ? -1 : 1 })
        .limit(limit)
        .toArray(),
    );
    const bars = documents.map(barOf);
    return take === 'newest' ? bars.reverse() : bars;
  }

  /** One pass over what is stored, in order, a page of documents in memory at a time. */
  inventory(company: string): Promise<BatchInventory> {
    return this.#patiently(async ({ batches }) => {
      const inventory = { stored: 0, lowest: 0, highest: 0, trades: 0, misfits: [] as number[] };
      const projection = { number: 1, firstSeq: 1, lastSeq: 1, count: 1 };
      let seqBefore: number | undefined;
      for await (const { number, firstSeq, lastSeq, count } of batches.find({ company }, { projection }).sort({ number: 1 })) {
        const follows = seqBefore === undefined || (number === inventory.highest + 1 && firstSeq === seqBefore + 1);
        const fits = follows && count === lastSeq - firstSeq + 1;
        if (!fits && inventory.misfits.length < maxMisfits) inventory.misfits.push(number);
        if (inventory.stored === 0) inventory.lowest = number;
        inventory.stored += 1;
        inventory.trades += count;
        inventory.highest = number;
        seqBefore = lastSeq;
      }
      return inventory;
    });
  }

  async prune(retention: Retention, now: number): Promise<number> {
    let removed = 0;
    for (const { company, batches } of await this.cursors()) {
      removed += await this.#pruneBatches(company, batches - retention.batchesPerCompany);
      for (const interval of Object.keys(barIntervals) as BarInterval[]) {
        removed += await this.#pruneBars(company, interval, now - retention.barsMs[interval]);
      }
      await this.#patiently((collections) => removeOrphans(collections, company));
    }
    return removed;
  }

  onChange(listener: () => void): () => void {
    return this.#changes.listen(listener);
  }

  async ping(): Promise<void> {
    await this.#patiently(() => this.#connection.database.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#connection.close();
  }

  /** Doing `work` twice must be harmless: it is tried again when its outcome is unknown. */
  #patiently<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    return this.#connection.patiently(() => work(this.#collections));
  }

  async #batches(filter: Filter<BatchDocument>, sort: Sort, limit: number): Promise<readonly Batch[]> {
    // MongoDB takes a limit of 0 for none.
    if (limit < 1) return [];
    return (await this.#patiently(({ batches }) => batches.find(filter).sort(sort).limit(limit).toArray())).map(batchOf);
  }

  async #pruneBatches(company: string, upTo: number): Promise<number> {
    if (upTo < 1) return 0;
    return await this.#patiently(async ({ batches, viewers }) => {
      const lowest = await batches.findOne({ company }, { sort: { number: 1 }, projection: { number: 1 } });
      if (lowest === null || lowest.number > upTo) return 0;
      const last = Math.min(upTo, lowest.number + pruneChunk - 1);
      await viewers.deleteMany({ company, batch: { $lte: last } });
      return (await batches.deleteMany({ company, number: { $lte: last } })).deletedCount;
    });
  }

  async #pruneBars(company: string, interval: BarInterval, before: number): Promise<number> {
    return await this.#patiently(async ({ bars }) => {
      const oldest = await bars.findOne({ company, interval }, { sort: { startAt: 1 }, projection: { startAt: 1 } });
      if (oldest === null || oldest.startAt >= before) return 0;
      const end = Math.min(before, oldest.startAt + pruneChunk * barIntervals[interval]);
      return (await bars.deleteMany({ company, interval, startAt: { $lt: end } })).deletedCount;
    });
  }
}

/** Removes pieces of applications that were never committed, or whose process died before it removed them. */
async function removeOrphans({ cursors, pieces }: Collections, company: string): Promise<void> {
  const document = await cursors.findOne({ _id: company }, { projection: { applied: 1 } });
  if (document !== null) await pieces.deleteMany({ company, number: { $lte: document.applied } });
}
