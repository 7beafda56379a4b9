/**
 * The contract of Results on servers with the protocol of MongoDB: a stand-in (mongo-java-server, one node), and FerretDB where it
 * was built. mongodb-elections.test.ts simulates the elections of a replica set.
 */
import { describe } from 'node:test';
import type { BatchDocument } from '#modules/stocks/engines/results/mongodb-documents.ts';
import { resultsContract } from '#modules/stocks/testing/contract/results.ts';
import { mongodbWorld } from './mongodb-world.ts';
import { mongodbServers } from './require-engine.ts';

/** The stand-in takes ten seconds to remove as many rows as one call does, and more on a busy machine. */
const answerTimeoutMs = 120_000;

for (const { name, url, skip, oneWriterOnly } of await mongodbServers()) {
  describe(name, { skip }, () => {
    resultsContract(name, {
      maxPrunedRows: 5_000,
      oneWriterOnly,
      async open(t) {
        const world = await mongodbWorld(t, url);
        const batches = world.database.collection<BatchDocument>('kontor_batches');
        const open = () => world.open({ answerTimeoutMs });
        const results = await open();
        return {
          results,
          clock: world.clock,
          openSecond: open,
          async reopen() {
            await results.close();
            return open();
          },
          damage: {
            async removeBatch(company, number) {
              await batches.deleteOne({ _id: `${company}:${number}` });
            },
            async setBatchCount(company, number, count) {
              await batches.updateOne({ _id: `${company}:${number}` }, { $set: { count } });
            },
            async shiftBatch(company, number, by) {
              await batches.updateOne({ _id: `${company}:${number}` }, { $inc: { firstSeq: by, lastSeq: by } });
            },
          },
          victim: {
            module: import.meta.resolve('#modules/stocks/engines/results/mongodb.ts'),
            name: 'openMongodbResults',
            options: world.address,
          },
        };
      },
    });
  });
}
