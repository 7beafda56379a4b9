/** After a process dies between any two writes, the next one continues from a consistent state and counts nothing twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import type { Results } from '#modules/stocks/ports/results.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { until } from '#testkit/until.ts';
import { type Fate, type MongodbProxy, mongodbProxy } from './mongodb-proxy.ts';
import { applyUpTo, assertBooks, batchSize, type MongodbWorld, mongodbWorld } from './mongodb-world.ts';
import { mongodbServers } from './require-engine.ts';

/** Small, so that an application of a few dozen records takes several documents. */
const pieceRows = 20;
const impatient = { patienceMs: 50, pieceRows };

for (const { name, url, skip, oneWriterOnly } of await mongodbServers())
  describe(`results on ${name}, when a process dies`, { skip }, () => {
    for (const [moment, fate] of [
      ['before', 'cut before'],
      ['after', 'cut after'],
    ] as const) {
      it(`${moment} any write of an application: the next load completes it or discards it`, async (t) => {
        const world = await mongodbWorld(t, url);
        const survivor = await world.open({ pieceRows });
        for (let point = 0; ; point += 1) {
          const company = `ACME${point}`;
          await applyUpTo(survivor, company, 15);
          const { proxy, results } = await victim(world);
          let writes = 0;
          let dead = false;
          proxy.decide = ({ writes: isWrite }) => {
            if (dead) return 'cut before';
            if (isWrite) writes += 1;
            dead = writes > point;
            return dead ? fate : 'pass';
          };
          const cursor = await survivor.load(company);
          const applying = results.apply(applicationFor(company, cursor, simulatedRecords(15, 38), { batchSize }));
          const outcome = (await applying.catch(onlyRetryable)) ?? 'died';
          await results.close();
          await proxy.stop();

          const { position = 0 } = (await survivor.load(company)) ?? {};
          assert.ok(position === 15 || position === 53, `all or nothing, not up to ${position}`);
          if (outcome === 'stored') assert.equal(position, 53);
          await applyUpTo(survivor, company, 75);
          await survivor.prune(keepAll, 0);
          await assertBooks(world, survivor, company, 75);
          if (outcome === 'stored') {
            assert.equal(writes, 7, 'pieces, commit, batches, averages, bars, settling, tidying up');
            return;
          }
        }
      });
    }

    it('the writes of three aggregators in any order, with lost connections and elections between them', async (t) => {
      if (oneWriterOnly !== undefined) return t.skip(oneWriterOnly);
      const world = await mongodbWorld(t, url);
      const reader = await world.open({ pieceRows });
      let run = 0;
      await fastCheck.assert(
        fastCheck.asyncProperty(
          fastCheck.array(fastCheck.record({ pick: fastCheck.nat(), fate: fates }), { minLength: 20, maxLength: 60 }),
          fastCheck.array(fastCheck.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 3 }),
          async (choices, steps) => {
            run += 1;
            const company = `RUN${run}`;
            const gate = new Gate();
            const aggregators = await Promise.all(
              steps.map(async (step, index) => {
                const { proxy, results } = await victim(world);
                proxy.decide = () => gate.pass(index);
                return { proxy, results, done: aggregate(results, company, step).finally(() => gate.leave(index)) };
              }),
            );
            await gate.run(choices, aggregators.length);
            await Promise.all(aggregators.map(async ({ done }) => done));
            for (const { proxy, results } of aggregators) {
              await results.close();
              await proxy.stop();
            }
            await reader.prune(keepAll, 0);
            await assertBooks(world, reader, company, end);
          },
        ),
        { numRuns: 12, endOnFailure: true },
      );
    });
  });

const end = 90;
const keepAll = { batchesPerCompany: 1_000, barsMs: { '1s': Infinity, '1m': Infinity, '1h': Infinity } };

async function victim(world: MongodbWorld): Promise<{ proxy: MongodbProxy; results: Results }> {
  const proxy = await mongodbProxy(world.address.url);
  // On a busy machine, this short patience may end before the results are open.
  const open = () => world.open({ url: proxy.url, ...impatient }).catch(onlyRetryable);
  const results = await until(open, { describe: 'impatient results to be open' });
  return { proxy, results };
}

/** Like an aggregator: after any failure, it loads the position and continues from there. */
async function aggregate(results: Results, company: string, step: number): Promise<void> {
  for (;;) {
    const done = await applyUpTo(results, company, end, step).then(() => true, onlyRetryable);
    if (done) return;
  }
}

const stepDown = { ok: 0, code: 11602, codeName: 'InterruptedDueToReplStateChange', errmsg: 'operation was interrupted' };

const fates: fastCheck.Arbitrary<Fate> = fastCheck.oneof(
  { weight: 8, arbitrary: fastCheck.constant<Fate>('pass') },
  { weight: 1, arbitrary: fastCheck.constantFrom<Fate>('cut before', 'cut after', { instead: stepDown }, { after: () => stepDown }) },
);

interface Held {
  readonly aggregator: number;
  release(fate: Fate): void;
}

/** Holds all commands back and passes them one at a time in a given order. */
class Gate {
  readonly #held: Held[] = [];
  readonly #left = new Set<number>();
  #open = false;

  pass(aggregator: number): Fate | Promise<Fate> {
    if (this.#open) return 'pass';
    return new Promise((release) => this.#held.push({ aggregator, release }));
  }

  leave(aggregator: number): void {
    this.#left.add(aggregator);
  }

  /** After the last choice, all commands pass. */
  async run(choices: readonly { pick: number; fate: Fate }[], aggregators: number): Promise<void> {
    for (const { pick, fate } of choices) {
      await until(() => Array.from({ length: aggregators }, (_, index) => index).every((index) => this.#waits(index)), {
        describe: 'every aggregator to wait at a command or to end',
      });
      if (this.#left.size === aggregators) break;
      const [held] = this.#held.splice(pick % this.#held.length, 1);
      held?.release(fate);
    }
    this.#open = true;
    for (const { release } of this.#held.splice(0)) release('pass');
  }

  #waits(aggregator: number): boolean {
    return this.#left.has(aggregator) || this.#held.some((held) => held.aggregator === aggregator);
  }
}
