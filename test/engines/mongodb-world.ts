/** Fresh, empty Results on a MongoDB server for one test, in a separate database that is dropped after the test. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Db, MongoClient } from 'mongodb';
import { type MongodbResultsOptions, openMongodbResults } from '#modules/stocks/engines/results/mongodb.ts';
import { type BarInterval, barIntervals, type Results } from '#modules/stocks/ports/results.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { silentLog } from '#testkit/log.ts';

export interface MongodbWorld {
  /** The same data without the port, as a foreign viewer reads it. */
  readonly database: Db;
  readonly clock: ManualClock;
  readonly address: { readonly url: string; readonly database: string; readonly collection: string };
  /** Results on this data through a separate connection; closed after the test. */
  open(options?: Partial<MongodbResultsOptions>): Promise<Results>;
}

let worlds = 0;

export async function mongodbWorld(t: TestContext, url: string): Promise<MongodbWorld> {
  worlds += 1;
  const address = { url, database: `kontor_test_${process.pid}_${worlds}`, collection: 'stocks' };
  const client = await MongoClient.connect(url);
  const database = client.db(address.database);
  const clock = manualClock({ flowing: true });
  const closed = closing(t);
  t.after(async () => {
    await database.dropDatabase();
    await client.close();
  });
  return {
    database,
    clock,
    address,
    open: async (options) => closed(await openMongodbResults({ ...address, clock, log: silentLog(), ...options })),
  };
}

export const batchSize = 10;

/** Applies records up to `end` in steps of this size, from the current position. */
export async function applyUpTo(results: Results, company: string, end: number, step = end): Promise<void> {
  for (;;) {
    const cursor = await results.load(company);
    const from = cursor?.position ?? 0;
    if (from >= end) return;
    await results.apply(applicationFor(company, cursor, simulatedRecords(from, Math.min(step, end - from)), { batchSize }));
  }
}

/** Asserts that all stored results of a company equal one plain run over records `1 … position`. */
export async function assertBooks(world: MongodbWorld, results: Results, company: string, position: number): Promise<void> {
  const expected = applicationFor(company, undefined, simulatedRecords(0, position), { batchSize });
  assert.deepEqual(await results.load(company), expected.cursor);
  assert.deepEqual(await results.batchesAfter(company, 0, 10_000), expected.batches);
  for (const interval of Object.keys(barIntervals) as BarInterval[]) {
    const bars = expected.bars.filter((bar) => bar.interval === interval).toSorted((one, other) => one.startAt - other.startAt);
    assert.deepEqual(await results.bars({ company, interval, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10_000, take: 'oldest' }), bars);
  }
  const viewers = world.database.collection(world.address.collection);
  assert.deepEqual(
    (await viewers.find({ company }).sort({ _id: 1 }).toArray()).map(({ batch, avgPrice }) => ({ batch, avgPrice })),
    expected.batches.map(({ number, sumPriceCents, count }) => ({ batch: number, avgPrice: sumPriceCents / count / 100 })),
  );
  assert.equal(await world.database.collection('kontor_pieces').countDocuments({ company }), 0, 'no pieces are left');
}
