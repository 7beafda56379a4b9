/** Foreign viewers read Kontor's averages: the newest `_id` of a company is the current one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Db, Document } from 'mongodb';
import { KontorError } from '#core/errors.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { recordingLog } from '#testkit/log.ts';
import { until } from '#testkit/until.ts';
import { applyUpTo, batchSize, mongodbWorld } from './mongodb-world.ts';
import { mongodbServers } from './require-engine.ts';

for (const { name, url, skip, oneWriterOnly } of await mongodbServers())
  describe(`results on ${name}, for foreign viewers`, { skip }, () => {
    it('the newest document of a company is its newest batch, in units of the currency, even when the clock is set back', async (t) => {
      const world = await mongodbWorld(t, url);
      const results = await world.open();
      const average = (position: number) => {
        const newest = applicationFor('ACME', undefined, simulatedRecords(0, position), { batchSize }).batches.at(-1);
        return (newest?.sumPriceCents ?? 0) / batchSize / 100;
      };
      await applyUpTo(results, 'OTHER', 30);
      for (const [position, clockMs] of [
        [35, 1_800_000_000_000],
        [70, 1_800_000_000_000],
        [95, 1_700_000_000_000],
        [240, 1_900_000_000_000],
      ] as const) {
        world.clock.setNow(clockMs);
        await applyUpTo(results, 'ACME', position);
        assert.equal((await viewed(world.database, 'ACME'))?.avgPrice, average(position));
      }
      assert.ok(((await viewed(world.database, 'OTHER'))?.avgPrice ?? 0) > 0);
      assert.equal(await viewed(world.database, 'NOBODY'), undefined);
    });

    it('they are removed with their batches, and foreign documents are kept', async (t) => {
      const world = await mongodbWorld(t, url);
      const stocks = world.database.collection('stocks');
      await stocks.insertOne({ company: 'ACME', avgPrice: 1 });
      const results = await world.open();
      await applyUpTo(results, 'ACME', 95);
      await results.prune({ batchesPerCompany: 2, barsMs: { '1s': Infinity, '1m': Infinity, '1h': Infinity } }, 0);
      const batches = (await stocks.find({ company: 'ACME' }).sort({ _id: 1 }).toArray()).map(({ batch }) => batch);
      assert.deepEqual(batches.toSorted(), [8, 9, undefined]);
    });

    it('an existing batch with other content is reported, and the batch is written once that is removed', async (t) => {
      const world = await mongodbWorld(t, url);
      const results = await world.open();
      await applyUpTo(results, 'ACME', 15);
      const batches = world.database.collection<Document & { _id: string }>('kontor_batches');
      await batches.insertOne({ _id: 'ACME:2', company: 'ACME', number: 2, count: 1 });
      await assert.rejects(applyUpTo(results, 'ACME', 30), (error) => {
        assert.ok(error instanceof KontorError);
        assert.equal(error.code, 'storage_damaged');
        assert.match(error.message, /kontor_batches already has ACME:2/);
        return true;
      });
      await batches.deleteOne({ _id: 'ACME:2' });
      await applyUpTo(results, 'ACME', 30);
      const [second] = await results.batchesAfter('ACME', 1, 1);
      assert.deepEqual(second, applicationFor('ACME', undefined, simulatedRecords(0, 20), { batchSize }).batches[1]);
    });

    it('the log says in one plain line that changes are polled for, where there are no change streams', async (t) => {
      const log = recordingLog();
      const results = await (await mongodbWorld(t, url)).open({ log });
      results.onChange(() => {});
      const lines = () => log.entries.filter(({ level }) => level === 'info');
      await until(() => lines().length > 0, { describe: 'the line' });
      const message = 'MongoDB has no change streams, which need a replica set; polling every 200 ms instead';
      assert.deepEqual(lines(), [{ level: 'info', fields: {}, message }]);
      // What only FerretDB lacks is said, too.
      assert.equal(log.entries.filter(({ level }) => level === 'warn').length, oneWriterOnly === undefined ? 0 : 1);
    });

    it('a collection that Kontor uses for itself is refused', async (t) => {
      const world = await mongodbWorld(t, url);
      await assert.rejects(world.open({ collection: 'kontor_bars' }), /MONGODB_COLLECTION is "kontor_bars"/);
    });
  });

/** The query of a foreign viewer. */
async function viewed(database: Db, company: string): Promise<Document | undefined> {
  const [newest] = await database.collection('stocks').find({ company }).sort({ _id: -1 }).limit(1).toArray();
  return newest;
}
