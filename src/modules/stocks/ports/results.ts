/**
 * Results: the aggregates of the stocks market (closed batches, time bars, one cursor per company), in the State by
 * default or in a document store.
 *
 * Promises:
 * - `apply` stores batches, bars and the new cursor as one: after a crash at any moment, either all of it is there or none,
 *   or (engines without transactions) the next `load` or `apply` completes it;
 * - `apply` compares `from` with the stored cursor's position: when they differ, it stores nothing and resolves `stale`. So
 *   with two aggregators on one company, each record is counted by exactly one;
 * - bars are given as additions: they are merged into the stored bar of the same company, interval and start;
 * - closed batches never change; what `latest`, `batches` and `bars` return was durable when they read it;
 * - for a company, cursors read one after another never go back.
 */

/** Sums over a run of trades. Money in cents; whole numbers throughout, so that sums are exact. */
export interface Totals {
  readonly count: number;
  readonly sumPriceCents: number;
  /** Sum of price × quantity. */
  readonly turnoverCents: number;
  /** Sum of quantities. */
  readonly volume: number;
  readonly buys: number;
  readonly buyVolume: number;
  readonly openCents: number;
  readonly highCents: number;
  readonly lowCents: number;
  readonly closeCents: number;
}

export interface Batch extends Totals {
  readonly company: string;
  /** 1, 2, 3 … without holes. */
  readonly number: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Epoch milliseconds of the earliest and the latest trade. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** The batch that is still filling. */
export interface OpenBatch extends Totals {
  readonly firstAt: number;
  readonly lastAt: number;
}

export const barIntervals = { '1s': 1_000, '1m': 60_000, '1h': 3_600_000 } as const;
export type BarInterval = keyof typeof barIntervals;

export interface Bar extends Totals {
  readonly company: string;
  readonly interval: BarInterval;
  /** Epoch milliseconds, a multiple of the interval. */
  readonly startAt: number;
}

export interface Cursor {
  readonly company: string;
  /** The highest sequence number applied. */
  readonly position: number;
  /** How many batches were closed. */
  readonly batches: number;
  /** Trades counted in all closed batches, including those that retention has removed. */
  readonly batchedTrades: number;
  readonly batchSize: number;
  readonly open: OpenBatch | undefined;
  readonly lastPriceCents: number;
  readonly lastAt: number;
}

export interface Application {
  /** The position that the caller believes to be stored: 0 for a company not seen before. */
  readonly from: number;
  readonly cursor: Cursor;
  readonly batches: readonly Batch[];
  readonly bars: readonly Bar[];
}

export interface BarQuery {
  readonly company: string;
  readonly interval: BarInterval;
  /** First start, included. */
  readonly from: number;
  /** Last start, excluded. */
  readonly to: number;
  readonly limit: number;
  /** `newest` takes the last `limit` bars of the range; both return them in order of time. */
  readonly take: 'oldest' | 'newest';
}

export interface Retention {
  /** Closed batches kept per company. */
  readonly batchesPerCompany: number;
  /** How long bars of each interval are kept. */
  readonly barsMs: Readonly<Record<BarInterval, number>>;
}

export interface Results {
  /** Names this set of results: a client that sees another epoch starts over. */
  epoch(): Promise<string>;
  load(company: string): Promise<Cursor | undefined>;
  apply(application: Application): Promise<'stored' | 'stale'>;
  /** All companies' cursors, by company. */
  cursors(): Promise<readonly Cursor[]>;
  /** Closed batches with a number above `after`, oldest first. */
  batchesAfter(company: string, after: number, limit: number): Promise<readonly Batch[]>;
  /** The newest closed batches, oldest first. */
  newestBatches(company: string, limit: number): Promise<readonly Batch[]>;
  bars(query: BarQuery): Promise<readonly Bar[]>;
  /** A summary of a company's stored batches, for the laws. */
  inventory(company: string): Promise<BatchInventory>;
  /** Removes what is older than the retention allows, a bounded amount a call; resolves how many rows were removed. */
  prune(retention: Retention, now: number): Promise<number>;
  /** A hint that cursors moved, here or in another process; it may come late, or once for many. */
  onChange(listener: () => void): () => void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BatchInventory {
  readonly stored: number;
  /** Lowest and highest number stored; 0 when none is. */
  readonly lowest: number;
  readonly highest: number;
  /** Sum of `count` over the stored batches. */
  readonly trades: number;
  /** Stored batches whose count differs from `lastSeq - firstSeq + 1`, or that do not follow their predecessor. */
  readonly misfits: readonly number[];
}
