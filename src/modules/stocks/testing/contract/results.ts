/** What every Results must do: the promises of the port, each as a test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { turn } from '#testkit/clock.ts';
import { until } from '#testkit/until.ts';
import { startVictim } from '#testkit/victim.ts';
import { type Bar, type BarInterval, barIntervals, type Results } from '../../ports/results.ts';
import { applicationFor, mergeTotals, simulatedRecords } from '../results-model.ts';
import { keepingTests } from './results-keeping.ts';
import { barsOf, loaded, type ResultsContract } from './results-world.ts';

const batchSize = 10;

export function resultsContract(name: string, contract: ResultsContract): void {
  describe(`Results: ${name}`, () => {
    it('apply stores batches, bars and the new cursor as one', async (t) => {
      const { results } = await contract.open(t);
      assert.equal(await results.load('ACME'), undefined);
      const application = applicationFor('ACME', undefined, simulatedRecords(0, 34), { batchSize });
      assert.equal(await results.apply(application), 'stored');
      assert.deepEqual(await results.load('ACME'), application.cursor);
      assert.deepEqual(await results.batchesAfter('ACME', 0, 100), application.batches);
      assert.deepEqual(await allBars(results, 'ACME'), byStart(application.bars));
    });

    it('what apply stored is there when the data is opened again', async (t) => {
      const world = await contract.open(t);
      const application = applicationFor('ACME', undefined, simulatedRecords(0, 34), { batchSize });
      await world.results.apply(application);
      const again = await world.reopen();
      assert.deepEqual(await again.load('ACME'), application.cursor);
      assert.deepEqual(await again.batchesAfter('ACME', 0, 100), application.batches);
      assert.deepEqual(await allBars(again, 'ACME'), byStart(application.bars));
    });

    it('after kill -9 at any moment, either all of an application is there or none', async (t) => {
      const world = await contract.open(t);
      for (let life = 1; life <= 2; life += 1) {
        const victim = startVictim({ kind: 'apply-results', opener: world.victim, company: 'ACME' });
        t.after(() => victim.kill());
        await victim.reported(life * 10);
        await victim.kill();
        const { position } = await loaded(world.results, 'ACME');
        assert.ok(position >= (victim.reports.at(-1) ?? 0), 'what was reported is stored');
        await assertComplete(world.results, 'ACME', position);
      }
    });

    it('apply that builds on another position stores nothing and resolves stale', async (t) => {
      const { results } = await contract.open(t);
      const first = applicationFor('ACME', undefined, simulatedRecords(0, 34), { batchSize });
      const second = applicationFor('ACME', first.cursor, simulatedRecords(34, 20), { batchSize });
      assert.equal(await results.apply(second), 'stale', 'before the first');
      assert.equal(await results.load('ACME'), undefined);
      await results.apply(first);
      assert.equal(await results.apply(first), 'stale', 'the first again');
      assert.equal(await results.apply(second), 'stored');
      assert.equal(await results.apply(second), 'stale', 'the second again');
      assert.equal(await results.apply(first), 'stale', 'the first after the second');
      assert.deepEqual(await results.load('ACME'), second.cursor);
      await assertComplete(results, 'ACME', 54);
    });

    it('two aggregators on one company: each record is counted by exactly one', async (t) => {
      if (contract.oneWriterOnly !== undefined) return t.skip(contract.oneWriterOnly);
      const world = await contract.open(t);
      const second = await world.openSecond();
      const end = 600;
      let stale = 0;
      async function aggregate(results: Results, step: number): Promise<void> {
        while (true) {
          const cursor = await results.load('ACME');
          const from = cursor?.position ?? 0;
          if (from >= end) return;
          await turn();
          const records = simulatedRecords(from, Math.min(step, end - from));
          if ((await results.apply(applicationFor('ACME', cursor, records, { batchSize }))) === 'stale') stale += 1;
        }
      }
      await Promise.all([aggregate(world.results, 7), aggregate(second, 13), aggregate(world.results, 23)]);
      assert.ok(stale > 0, 'they did race');
      await assertComplete(world.results, 'ACME', end);
    });

    it('whatever way records are cut into applications, the books come out the same', async (t) => {
      const { results } = await contract.open(t);
      let run = 0;
      const cuts = fastCheck.array(fastCheck.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
      await fastCheck.assert(
        fastCheck.asyncProperty(cuts, async (counts) => {
          run += 1;
          const company = `ACME${run}`;
          for (const count of counts) {
            const cursor = await results.load(company);
            const records = simulatedRecords(cursor?.position ?? 0, count);
            assert.equal(await results.apply(applicationFor(company, cursor, records, { batchSize })), 'stored');
          }
          await assertComplete(
            results,
            company,
            counts.reduce((sum, count) => sum + count, 0),
          );
        }),
        { numRuns: 20 },
      );
    });

    it('bars are given as additions: they are merged into the stored bar of the same company, interval and start', async (t) => {
      const { results } = await contract.open(t);
      const records = simulatedRecords(0, 2).map((record) => ({ ...record, at: 1_772_496_000_000 }));
      const one = applicationFor('ACME', undefined, records.slice(0, 1), { batchSize });
      const other = applicationFor('ACME', one.cursor, records.slice(1), { batchSize });
      await results.apply(one);
      await results.apply(other);
      for (const interval of intervals) {
        const earlier = one.bars.find((bar) => bar.interval === interval);
        const later = other.bars.find((bar) => bar.interval === interval);
        assert.ok(earlier && later);
        const [merged, ...more] = await barsOf(results, 'ACME', interval);
        assert.deepEqual(merged, { ...earlier, ...mergeTotals(earlier, later) });
        assert.deepEqual(more, []);
      }
    });

    it('companies have nothing to do with each other', async (t) => {
      const { results } = await contract.open(t);
      for (const company of ['B', 'A', 'AB']) {
        await results.apply(applicationFor(company, undefined, simulatedRecords(0, 25), { batchSize }));
      }
      assert.deepEqual(
        (await results.cursors()).map((cursor) => cursor.company),
        ['A', 'AB', 'B'],
        'cursors come by company',
      );
      await Promise.all(
        ['A', 'AB'].map(async (company) =>
          results.apply(applicationFor(company, await results.load(company), simulatedRecords(25, 5), { batchSize })),
        ),
      );
      for (const [company, position] of [
        ['A', 30],
        ['AB', 30],
        ['B', 25],
      ] as const)
        await assertComplete(results, company, position);
    });

    it('large sums are kept to the last digit', async (t) => {
      const { results } = await contract.open(t);
      const application = applicationFor('ACME', undefined, simulatedRecords(0, batchSize + 1), { batchSize });
      const turnoverCents = Number.MAX_SAFE_INTEGER;
      const large = {
        ...application,
        batches: application.batches.map((batch) => ({ ...batch, turnoverCents })),
        bars: application.bars.map((bar) => ({ ...bar, turnoverCents })),
        cursor: { ...application.cursor, open: application.cursor.open && { ...application.cursor.open, turnoverCents } },
      };
      await results.apply(large);
      assert.deepEqual(await results.load('ACME'), large.cursor);
      assert.deepEqual(await results.batchesAfter('ACME', 0, 10), large.batches);
      assert.deepEqual(await allBars(results, 'ACME'), byStart(large.bars));
    });

    it('closed batches never change', async (t) => {
      const { results } = await contract.open(t);
      const first = applicationFor('ACME', undefined, simulatedRecords(0, 20), { batchSize });
      await results.apply(first);
      const second = applicationFor('ACME', first.cursor, simulatedRecords(20, 10), { batchSize });
      const forged = first.batches.map((batch) => ({ ...batch, closeCents: 1 }));
      // Whether it is refused or passed over: what was closed stays, and a refusal leaves nothing of the rest either.
      const outcome = await results.apply({ ...second, batches: [...second.batches, ...forged] }).catch(() => 'refused');
      assert.deepEqual((await results.batchesAfter('ACME', 0, 10)).slice(0, 2), first.batches);
      if (outcome === 'refused') {
        assert.deepEqual(await results.load('ACME'), first.cursor);
        assert.equal(await results.apply(second), 'stored', 'and it can be done right');
      }
      await assertComplete(results, 'ACME', 30);
    });

    it('for a company, cursors read one after another never go back', async (t) => {
      // Reading a cursor completes what was committed, so a reader writes, too.
      if (contract.oneWriterOnly !== undefined) return t.skip(contract.oneWriterOnly);
      const world = await contract.open(t);
      const second = await world.openSecond();
      let writing = true;
      async function watch(results: Results): Promise<number[]> {
        const positions: number[] = [];
        while (writing) {
          const [cursor] = await results.cursors();
          const loadedCursor = await results.load('ACME');
          positions.push(cursor?.position ?? 0, loadedCursor?.position ?? 0);
          await turn();
        }
        return positions;
      }
      const watchers = [watch(world.results), watch(second)];
      for (let round = 0; round < 40; round += 1) {
        const cursor = await world.results.load('ACME');
        await world.results.apply(applicationFor('ACME', cursor, simulatedRecords(round * 5, 5), { batchSize }));
      }
      writing = false;
      for (const positions of await Promise.all(watchers)) {
        assert.ok(new Set(positions).size > 3, 'the watcher saw it move');
        assert.deepEqual(
          positions,
          [...positions].sort((one, other) => one - other),
        );
      }
    });

    it('onChange calls after cursors moved, here or in another process, until it is unsubscribed', async (t) => {
      const world = await contract.open(t);
      const second = await world.openSecond();
      let hints = 0;
      const unsubscribe = world.results.onChange(() => {
        hints += 1;
      });
      const first = applicationFor('ACME', undefined, simulatedRecords(0, 5), { batchSize });
      await world.results.apply(first);
      await until(() => world.clock.advance(100).then(() => hints > 0), { describe: 'the hint of an application here' });
      hints = 0;
      await second.apply(applicationFor('ACME', first.cursor, simulatedRecords(5, 5), { batchSize }));
      await until(() => world.clock.advance(100).then(() => hints > 0), { describe: 'the hint of an application elsewhere' });
      unsubscribe();
    });

    keepingTests(contract);
  });
}

const intervals = Object.keys(barIntervals) as BarInterval[];

async function allBars(results: Results, company: string): Promise<readonly Bar[]> {
  return byStart((await Promise.all(intervals.map((interval) => barsOf(results, company, interval)))).flat());
}

function byStart(bars: readonly Bar[]): readonly Bar[] {
  return bars.toSorted((one, other) => intervals.indexOf(one.interval) - intervals.indexOf(other.interval) || one.startAt - other.startAt);
}

/** What is stored equals one plain run over records `1 … position`, however it came to be. */
async function assertComplete(results: Results, company: string, position: number): Promise<void> {
  const expected = applicationFor(company, undefined, simulatedRecords(0, position), { batchSize });
  assert.deepEqual(await results.load(company), expected.cursor);
  assert.deepEqual(await results.batchesAfter(company, 0, 10_000), expected.batches);
  assert.deepEqual(await allBars(results, company), byStart(expected.bars));
  assert.deepEqual(await results.inventory(company), {
    stored: expected.batches.length,
    lowest: expected.batches.length === 0 ? 0 : 1,
    highest: expected.batches.length,
    trades: expected.batches.length * batchSize,
    misfits: [],
  });
}
