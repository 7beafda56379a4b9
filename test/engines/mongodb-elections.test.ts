/**
 * Elections of a replica set, simulated by a proxy in front of a stand-in: refusals, interrupted writes, missing majorities, and
 * connections lost with an unknown outcome. Temporary failures are retried; others are reported with Kontor's error codes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BSON, Long } from 'mongodb';
import { KontorError } from '#core/errors.ts';
import { openMongodbResults } from '#modules/stocks/engines/results/mongodb.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { until } from '#testkit/until.ts';
import { type Fate, mongodbProxy } from './mongodb-proxy.ts';
import { assertBooks, batchSize, mongodbWorld } from './mongodb-world.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('mongodb');

const refusal = (code: number, codeName: string) => ({ ok: 0, code, codeName, errmsg: `played: ${codeName}` });
const noMajority = { code: 64, codeName: 'WriteConcernTimeout', errmsg: 'played: waiting for replication timed out' };

const passing: readonly (readonly [string, Fate])[] = [
  ['NotWritablePrimary', { instead: refusal(10107, 'NotWritablePrimary') }],
  ['InterruptedDueToReplStateChange before it was done', { instead: refusal(11602, 'InterruptedDueToReplStateChange') }],
  ['InterruptedDueToReplStateChange after it was done', { after: () => refusal(11602, 'InterruptedDueToReplStateChange') }],
  ['ShutdownInProgress', { instead: refusal(91, 'ShutdownInProgress') }],
  ['PrimarySteppedDown after it was done', { after: () => refusal(189, 'PrimarySteppedDown') }],
  ['a connection cut before it was done', 'cut before'],
  ['a connection cut after it was done', 'cut after'],
  ['an answer that never comes', 'silent'],
];

describe('MongoDB results, in an election', { skip: server.skip }, () => {
  for (const [name, fate] of passing) {
    it(`${name}, at any command of apply: it is retried, and counted once`, async (t) => {
      const world = await mongodbWorld(t, server.url);
      const proxy = await mongodbProxy(server.url);
      t.after(() => proxy.stop());
      // Silence is detected by the time limit, which is short here.
      const results = await world.open({ url: proxy.url, pieceRows: 20, ...(fate === 'silent' ? { answerTimeoutMs: 200 } : {}) });
      for (let point = 0; ; point += 1) {
        const company = `ACME${point}`;
        let commands = 0;
        proxy.decide = () => {
          commands += 1;
          return commands === point + 1 ? fate : 'pass';
        };
        assert.equal(await results.apply(applicationFor(company, undefined, simulatedRecords(0, 38), { batchSize })), 'stored');
        const playedAll = commands <= point;
        proxy.decide = () => 'pass';
        await results.prune({ batchesPerCompany: 1_000, barsMs: { '1s': Infinity, '1m': Infinity, '1h': Infinity } }, 0);
        await assertBooks(world, results, company, 38);
        if (playedAll) return;
      }
    });
  }

  it('a majority that confirms too late: every write is repeated until it is confirmed, also one already stored', async (t) => {
    const { world, proxy, results } = await proxied(t);
    const unconfirmed = new Set<string>();
    let duplicates = 0;
    proxy.decide = ({ writes, collection }) => {
      if (!writes) return 'pass';
      const late = (answer: BSON.Document) => {
        // Long enough for each concurrent write to be repeated as a duplicate, too.
        if (duplicates >= 12) {
          unconfirmed.delete(collection);
          return answer;
        }
        unconfirmed.add(collection);
        if (answer.writeErrors !== undefined) duplicates += 1;
        return { ...answer, writeConcernError: collection === 'kontor_cursors' ? undefined : noMajority };
      };
      return { after: late };
    };
    assert.equal(await results.apply(applicationFor('ACME', undefined, simulatedRecords(0, 38), { batchSize })), 'stored');
    assert.ok(duplicates >= 12);
    assert.deepEqual(unconfirmed, new Set());
    await assertBooks(world, results, 'ACME', 38);
  });

  it('reads are retried, too', async (t) => {
    const { proxy, results } = await proxied(t);
    await results.apply(applicationFor('ACME', undefined, simulatedRecords(0, 38), { batchSize }));
    const onceRefused = () => {
      let asked = 0;
      proxy.decide = () => {
        asked += 1;
        return asked === 1 ? { instead: refusal(13436, 'NotPrimaryOrSecondary') } : 'pass';
      };
    };
    for (const read of [
      () => results.cursors(),
      () => results.newestBatches('ACME', 3),
      () => results.inventory('ACME'),
      () => results.ping(),
    ]) {
      onceRefused();
      await read();
    }
  });

  it('an election that does not end within the patience is unavailable and retryable', async (t) => {
    const { proxy, results } = await proxied(t, { patienceMs: 200 });
    proxy.decide = () => ({ instead: refusal(10107, 'NotWritablePrimary') });
    await assert.rejects(results.load('ACME'), (error) => isOur(error, 'unavailable', true, /played: NotWritablePrimary/));
    proxy.decide = () => 'cut before';
    await assert.rejects(results.load('ACME'), (error) => isOur(error, 'unavailable', true, /cannot be reached/));
  });

  it('permanent failures are reported at once: no access, a full disk', async (t) => {
    const { proxy, results } = await proxied(t);
    const application = applicationFor('ACME', undefined, simulatedRecords(0, 38), { batchSize });
    proxy.decide = () => ({ instead: refusal(13, 'Unauthorized') });
    await assert.rejects(results.apply(application), (error) => isOur(error, 'invalid_option', false, /RESULTS_URL/));
    proxy.decide = ({ writes }) => (writes ? { instead: refusal(14031, 'OutOfDiskSpace') } : 'pass');
    await assert.rejects(results.apply(application), (error) => isOur(error, 'storage_full', true, /make room/));
    proxy.decide = () => 'pass';
    assert.equal(await results.apply(application), 'stored');
  });

  it('a missing server and an invalid address are refused when they are opened', async () => {
    const open = (url: string) =>
      openMongodbResults({
        url,
        database: 'nowhere',
        collection: 'stocks',
        clock: manualClock({ flowing: true }),
        log: silentLog(),
        patienceMs: 100,
      });
    const proxy = await mongodbProxy(server.url);
    await proxy.stop();
    await assert.rejects(open(proxy.url), (error) => isOur(error, 'unavailable', true, /cannot be reached/));
    await assert.rejects(open('mongodb://'), (error) => isOur(error, 'invalid_option', false, /RESULTS_URL/));
  });

  it('writes use majority and journal, reads use majority', async (t) => {
    const { proxy, results } = await proxied(t);
    const concerns: BSON.Document[] = [];
    proxy.decide = ({ name, writes, body }) => {
      if (writes) assert.deepEqual({ ...body.writeConcern, wtimeout: 0 }, { w: 'majority', j: true, wtimeout: 0 }, name);
      else assert.equal(body.readConcern?.level, 'majority', name);
      concerns.push(body);
      return 'pass';
    };
    await results.apply(applicationFor('ACME', undefined, simulatedRecords(0, 38), { batchSize }));
    await results.newestBatches('ACME', 3);
    assert.ok(concerns.length >= 7);
  });

  it('follows a change stream if the server has them, and reopens it when it ends', async (t) => {
    const { world, proxy, results } = await proxied(t);
    let hints = 0;
    let opened = 0;
    let news: BSON.Document[] = [];
    let fails = false;
    const cursor = (batch: 'firstBatch' | 'nextBatch', events: BSON.Document[]) => ({
      instead: { ok: 1, cursor: { id: Long.fromNumber(7), ns: `${world.address.database}.kontor_cursors`, [batch]: events } },
    });
    proxy.decide = async ({ name, body }) => {
      if (name === 'aggregate' && body.pipeline[0].$changeStream !== undefined) {
        opened += 1;
        return cursor('firstBatch', []);
      }
      if (name !== 'getMore') return 'pass';
      if (fails) return { instead: refusal(286, 'ChangeStreamHistoryLost') };
      await new Promise(setImmediate);
      return cursor('nextBatch', news.splice(0));
    };
    results.onChange(() => {
      hints += 1;
    });
    await until(() => hints === 1, { describe: 'the hint that it is open' });
    news = [{ _id: { _data: '01' }, operationType: 'update' }];
    await until(() => hints === 2, { describe: 'the hint of a change' });
    fails = true;
    await until(() => opened >= 2, { describe: 'another stream' });
    fails = false;
    await until(() => hints >= 3, { describe: 'the hint that it is open again' });
    news = [{ _id: { _data: '02' }, operationType: 'update' }];
    const before = hints;
    await until(() => hints > before, { describe: 'the hint of another change' });
  });

  async function proxied(t: Parameters<typeof mongodbWorld>[0], options = {}) {
    const world = await mongodbWorld(t, server.url);
    const proxy = await mongodbProxy(server.url);
    t.after(() => proxy.stop());
    // On a busy machine, a short patience may end before the results are open.
    const open = () => world.open({ url: proxy.url, ...options }).catch(onlyRetryable);
    return { world, proxy, results: await until(open, { describe: 'results to be open' }) };
  }
});

function isOur(error: unknown, code: string, retryable: boolean, message: RegExp): true {
  assert.ok(error instanceof KontorError, `${error}`);
  assert.equal(error.code, code);
  assert.equal(error.retryable, retryable);
  assert.match(error.message, message);
  return true;
}
