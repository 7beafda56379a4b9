/** What every Results must do about reading, taking stock and pruning; part of the Results contract. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { BarQuery, Results, Retention } from '../../ports/results.ts';
import { applicationFor, simulatedRecords } from '../results-model.ts';
import { barsOf, loaded, type ResultsContract } from './results-world.ts';

const keepAll: Retention = {
  batchesPerCompany: 1_000_000,
  barsMs: { '1s': Number.MAX_SAFE_INTEGER, '1m': Number.MAX_SAFE_INTEGER, '1h': Number.MAX_SAFE_INTEGER },
};

export function keepingTests(contract: ResultsContract): void {
  it('batchesAfter gives closed batches with a number above, oldest first; newestBatches the newest, oldest first', async (t) => {
    const { results } = await contract.open(t);
    await fill(results, 105, 10);
    const numbers = async (batches: Promise<readonly { number: number }[]>) => (await batches).map((batch) => batch.number);
    assert.deepEqual(await numbers(results.batchesAfter('ACME', 0, 3)), [1, 2, 3]);
    assert.deepEqual(await numbers(results.batchesAfter('ACME', 8, 100)), [9, 10]);
    assert.deepEqual(await numbers(results.batchesAfter('ACME', 10, 100)), []);
    assert.deepEqual(await numbers(results.batchesAfter('NOBODY', 0, 100)), []);
    assert.deepEqual(await numbers(results.newestBatches('ACME', 3)), [8, 9, 10]);
    assert.deepEqual(await numbers(results.newestBatches('ACME', 100)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('bars are those from the first start, included, to the last, excluded, in order of time, whichever end is taken', async (t) => {
    const { results } = await contract.open(t);
    await fill(results, 60, 10);
    const starts = (await barsOf(results, 'ACME', '1s')).map((bar) => bar.startAt);
    assert.ok(starts.length >= 40);
    const query = async (part: Partial<BarQuery>) => {
      const bars = await results.bars({
        company: 'ACME',
        interval: '1s',
        from: starts[5] ?? 0,
        to: starts[25] ?? 0,
        limit: 100,
        take: 'oldest',
        ...part,
      });
      return bars.map((bar) => bar.startAt);
    };
    assert.deepEqual(await query({}), starts.slice(5, 25));
    assert.deepEqual(await query({ take: 'newest' }), starts.slice(5, 25));
    assert.deepEqual(await query({ limit: 4 }), starts.slice(5, 9));
    assert.deepEqual(await query({ limit: 4, take: 'newest' }), starts.slice(21, 25));
    assert.deepEqual(await query({ company: 'NOBODY' }), []);
    assert.deepEqual(await query({ from: starts[25] ?? 0, to: starts[25] ?? 0 }), []);
    assert.ok((await barsOf(results, 'ACME', '1m')).every((bar) => bar.startAt % 60_000 === 0 && bar.interval === '1m'));
  });

  it('inventory of a company that nothing is stored of is empty', async (t) => {
    const { results } = await contract.open(t);
    assert.deepEqual(await results.inventory('ACME'), { stored: 0, lowest: 0, highest: 0, trades: 0, misfits: [] });
  });

  it('inventory names batches that do not follow their predecessor', async (t) => {
    const { results, damage } = await contract.open(t);
    await fill(results, 100, 10);
    await damage.removeBatch('ACME', 4);
    assert.deepEqual(await results.inventory('ACME'), { stored: 9, lowest: 1, highest: 10, trades: 90, misfits: [5] });
  });

  it('inventory names batches whose records do not follow those of their predecessor', async (t) => {
    const { results, damage } = await contract.open(t);
    await fill(results, 100, 10);
    await damage.shiftBatch('ACME', 6, 3);
    assert.deepEqual((await results.inventory('ACME')).misfits, [6, 7]);
  });

  it('inventory names batches whose count differs from their sequence numbers', async (t) => {
    const { results, damage } = await contract.open(t);
    await fill(results, 100, 10);
    await damage.setBatchCount('ACME', 7, 11);
    assert.deepEqual(await results.inventory('ACME'), { stored: 10, lowest: 1, highest: 10, trades: 101, misfits: [7] });
  });

  it('prune keeps the newest batches of each company, and the cursor still counts them all', async (t) => {
    const { results } = await contract.open(t);
    await fill(results, 205, 10);
    const before = await loaded(results, 'ACME');
    assert.equal(await pruneAll(results, keepAll, 0), 0, 'nothing is too old');
    assert.equal(await pruneAll(results, { ...keepAll, batchesPerCompany: 3 }, 0), 17);
    assert.deepEqual(
      (await results.batchesAfter('ACME', 0, 100)).map((batch) => batch.number),
      [18, 19, 20],
    );
    assert.deepEqual(await loaded(results, 'ACME'), before);
    assert.deepEqual(await results.inventory('ACME'), { stored: 3, lowest: 18, highest: 20, trades: 30, misfits: [] });
    const next = applicationFor('ACME', before, simulatedRecords(205, 10), { batchSize: 10 });
    assert.equal(await results.apply(next), 'stored');
    assert.equal((await loaded(results, 'ACME')).batchedTrades, 210);
  });

  it('prune removes bars that are older than their interval is kept, and no others', async (t) => {
    const { results } = await contract.open(t);
    await fill(results, 300, 10);
    const seconds = await barsOf(results, 'ACME', '1s');
    const minutes = await barsOf(results, 'ACME', '1m');
    const newest = seconds.at(-1)?.startAt ?? 0;
    const retention = { ...keepAll, barsMs: { ...keepAll.barsMs, '1s': 30_000 } };
    const removed = await pruneAll(results, retention, newest);
    const kept = seconds.filter((bar) => bar.startAt >= newest - 30_000);
    assert.deepEqual(await barsOf(results, 'ACME', '1s'), kept);
    assert.equal(removed, seconds.length - kept.length);
    assert.deepEqual(await barsOf(results, 'ACME', '1m'), minutes);
  });

  it('prune removes a bounded amount a call, and tells how many rows went', async (t) => {
    const { results } = await contract.open(t);
    const batches = contract.maxPrunedRows + 50;
    await fill(results, batches, 1);
    const first = await results.prune({ ...keepAll, batchesPerCompany: 1 }, 0);
    assert.ok(first > 0 && first <= contract.maxPrunedRows, `${first} rows went`);
    assert.equal((await results.inventory('ACME')).stored, batches - first);
    assert.equal(first + (await pruneAll(results, { ...keepAll, batchesPerCompany: 1 }, 0)), batches - 1);
  });

  it('epoch names this set of results: the same for everybody and after reopening, another for others', async (t) => {
    const world = await contract.open(t);
    const second = await world.openSecond();
    const [epoch, same] = await Promise.all([world.results.epoch(), second.epoch()]);
    assert.ok(epoch.length > 0);
    assert.equal(same, epoch);
    assert.equal(await (await world.reopen()).epoch(), epoch);
    const others = await contract.open(t);
    assert.notEqual(await others.results.epoch(), epoch);
  });

  it('ping resolves while the store answers', async (t) => {
    const { results } = await contract.open(t);
    await results.ping();
  });
}

async function fill(results: Results, records: number, batchSize: number): Promise<void> {
  assert.equal(await results.apply(applicationFor('ACME', undefined, simulatedRecords(0, records), { batchSize })), 'stored');
}

/** Prunes until nothing goes any more. */
async function pruneAll(results: Results, retention: Retention, now: number): Promise<number> {
  let removed = 0;
  for (let calls = 0; calls < 1_000; calls += 1) {
    const rows = await results.prune(retention, now);
    if (rows === 0) return removed;
    removed += rows;
  }
  throw new Error('prune never comes to an end');
}
