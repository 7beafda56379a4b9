/**
 * The contract of Results on MongoDB. The server is a stand-in (mongo-java-server, one node); mongodb-elections.test.ts
 * simulates the elections of a replica set.
 */
import { describe } from 'node:test';
import type { BatchDocument } from '#modules/stocks/engines/results/mongodb-documents.ts';
import { resultsContract } from '#modules/stocks/testing/contract/results.ts';
import { mongodbWorld } from './mongodb-world.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('mongodb');

describe('a stand-in for MongoDB', { skip: server.skip }, () => {
  resultsContract('mongodb', {
    maxPrunedRows: 5_000,
    async open(t) {
      const world = await mongodbWorld(t, server.url);
      const batches = world.database.collection<BatchDocument>('kontor_batches');
      const results = await world.open();
      return {
        results,
        clock: world.clock,
        openSecond: () => world.open(),
        async reopen() {
          await results.close();
          return world.open();
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
