/** What a Results' contract is run on, and what its tests have in common. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ManualClock } from '#testkit/clock.ts';
import type { Opener } from '#testkit/victim.ts';
import type { Bar, BarInterval, Cursor, Results } from '../../ports/results.ts';

interface ResultsWorld {
  readonly results: Results;
  /** The engine's clock, flowing: what tests skip, it has lived through. */
  readonly clock: ManualClock;
  /** The same data through a connection of its own, as another process has it. */
  openSecond(): Promise<Results>;
  /** Closes everything and opens the same data again. */
  reopen(): Promise<Results>;
  /** Damages what is stored, past the port, so that `inventory` has something to find. */
  readonly damage: {
    removeBatch(company: string, number: number): Promise<void>;
    setBatchCount(company: string, number: number, count: number): Promise<void>;
    /** Moves its first and last sequence number by so much. */
    shiftBatch(company: string, number: number, by: number): Promise<void>;
  };
  /** How a process that is about to be killed opens the same data. */
  readonly victim: Opener;
}

export interface ResultsContract {
  /** Fresh, empty Results of their own; everything they need is released in `t.after`. */
  open(t: TestContext): Promise<ResultsWorld>;
  /** No `prune` removes more rows of one company and kind. */
  readonly maxPrunedRows: number;
  /** Why the server cannot keep the promises where two processes write at once; undefined when it can. */
  readonly oneWriterOnly?: string | undefined;
}

export async function loaded(results: Results, company: string): Promise<Cursor> {
  const cursor = await results.load(company);
  assert.ok(cursor, `${company} has a cursor`);
  return cursor;
}

export function barsOf(results: Results, company: string, interval: BarInterval): Promise<readonly Bar[]> {
  return results.bars({ company, interval, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100_000, take: 'oldest' });
}
