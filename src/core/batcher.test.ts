/** The batcher: what goes together, who gets which answer, and what happens when it fails or closes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { turn } from '#testkit/clock.ts';
import { type Batcher, type BatcherOptions, openBatcher } from './batcher.ts';
import { BrokenInvariant, KontorError } from './errors.ts';

interface World {
  readonly batcher: Batcher<string, string>;
  /** Batches in the order in which they began. */
  readonly batches: string[][];
  /** Ends the work of the oldest batch under way. */
  finish(): Promise<void>;
}

/** Answers an item in capitals; `work` may refuse. With `held`, each batch waits for `finish`. */
function open(options: Partial<BatcherOptions<string, string>> = {}, held = true): World {
  const batches: string[][] = [];
  const underWay: PromiseWithResolvers<void>[] = [];
  const batcher = openBatcher<string, string>({
    what: 'letters',
    maxWaiting: 10,
    maxBatch: 3,
    ...options,
    async work(items) {
      batches.push([...items]);
      if (held) {
        const gate = Promise.withResolvers<void>();
        underWay.push(gate);
        await gate.promise;
      }
      return options.work?.(items) ?? items.map((item) => item.toUpperCase());
    },
  });
  return {
    batcher,
    batches,
    async finish() {
      underWay.shift()?.resolve();
      await turn();
    },
  };
}

/** The value, or the code of the error. To be asked for at once, so that no rejection is left alone. */
function outcome(answer: Promise<string>): Promise<string> {
  return answer.catch((error: Error) => (error instanceof KontorError ? error.code : error.message));
}

function outcomes(answers: readonly Promise<string>[]): Promise<readonly string[]> {
  return Promise.all(answers.map(outcome));
}

describe('a batcher', () => {
  it('does together what is submitted in the same turn', async () => {
    const { batcher, batches, finish } = open();
    const answers = ['a', 'b'].map((item) => batcher.submit(item));
    await turn();
    await finish();
    assert.deepEqual(await outcomes(answers), ['A', 'B']);
    assert.deepEqual(batches, [['a', 'b']]);
  });

  it('gathers while a batch is under way, in the order of arrival and up to the limit', async () => {
    const { batcher, batches, finish } = open();
    const answers = [batcher.submit('a')];
    await turn();
    for (const item of ['b', 'c', 'd', 'e']) answers.push(batcher.submit(item));
    await turn();
    assert.deepEqual(batches, [['a']]);
    for (let batch = 0; batch < 3; batch += 1) await finish();
    assert.deepEqual(await outcomes(answers), ['A', 'B', 'C', 'D', 'E']);
    assert.deepEqual(batches, [['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('has as many batches in flight as it may', async () => {
    const { batcher, batches, finish } = open({ maxInFlight: 2, maxBatch: 1 });
    const answers = ['a', 'b', 'c'].map((item) => batcher.submit(item));
    await turn();
    assert.deepEqual(batches, [['a'], ['b']]);
    for (let batch = 0; batch < 3; batch += 1) await finish();
    assert.deepEqual(await outcomes(answers), ['A', 'B', 'C']);
  });

  it('refuses more than may wait', async () => {
    const { batcher, finish } = open({ maxWaiting: 2 });
    const first = batcher.submit('a');
    await turn();
    const answers = ['b', 'c', 'd'].map((item) => outcome(batcher.submit(item)));
    for (let batch = 0; batch < 2; batch += 1) await finish();
    assert.deepEqual(await outcomes([first, ...answers]), ['A', 'B', 'C', 'overloaded']);
  });

  it('does items with the same key one after another, and others meanwhile', async () => {
    const { batcher, batches, finish } = open({ keyOf: (item) => item.slice(0, 1), maxInFlight: 2 });
    const answers = ['a1', 'a2', 'b1', 'a3', 'b2'].map((item) => batcher.submit(item));
    await turn();
    assert.deepEqual(batches, [['a1', 'b1']]);
    for (let batch = 0; batch < 3; batch += 1) await finish();
    assert.deepEqual(await outcomes(answers), ['A1', 'A2', 'B1', 'A3', 'B2']);
    assert.deepEqual(batches, [['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  it('answers each item once and never exceeds its limits, whatever arrives when', () =>
    fastCheck.assert(
      fastCheck.asyncProperty(
        fastCheck.array(fastCheck.tuple(fastCheck.constantFrom('a', 'b', 'c', 'd'), fastCheck.boolean()), { maxLength: 60 }),
        fastCheck.integer({ min: 1, max: 5 }),
        fastCheck.integer({ min: 1, max: 3 }),
        async (arrivals, maxBatch, maxInFlight) => {
          const keyOf = (item: string) => item.slice(0, 1);
          const busy: string[] = [];
          let inFlight = 0;
          const batcher = openBatcher<string, string>({
            what: 'letters',
            maxWaiting: 100,
            maxBatch,
            maxInFlight,
            keyOf,
            async work(items) {
              inFlight += 1;
              busy.push(...items.map(keyOf));
              assert.ok(items.length <= maxBatch && inFlight <= maxInFlight);
              assert.equal(new Set(busy).size, busy.length, 'a key twice at the same time');
              await turn();
              for (const item of items) busy.splice(busy.indexOf(keyOf(item)), 1);
              inFlight -= 1;
              if (items.some((item) => item.endsWith('!'))) throw new Error(items.join(' '));
              return items.map((item) => item.toUpperCase());
            },
          });
          const answers: Promise<string>[] = [];
          for (const [index, [key, pauses]] of arrivals.entries()) {
            answers.push(outcome(batcher.submit(`${key}${index}${index % 7 === 3 ? '!' : ''}`)));
            if (pauses) await turn();
          }
          const expected = arrivals.map(([key], index) => (index % 7 === 3 ? `${key}${index}!` : `${key}${index}`.toUpperCase()));
          assert.deepEqual(await Promise.all(answers), expected);
          await batcher.close();
        },
      ),
      { numRuns: 50 },
    ));
});

describe('a batch that fails', () => {
  const refusingBad = (error: Error) => async (items: readonly string[]) => {
    if (items.includes('bad')) throw error;
    return items.map((item) => item.toUpperCase());
  };

  it('is halved until the bad item is alone, and the others are done', async () => {
    const { batcher, batches } = open({ maxBatch: 8, work: refusingBad(new KontorError('conflict', 'bad')) }, false);
    const answers = ['a', 'b', 'c', 'bad', 'e'].map((item) => batcher.submit(item));
    assert.deepEqual(await outcomes(answers), ['A', 'B', 'C', 'conflict', 'E']);
    assert.deepEqual(batches, [['a', 'b', 'c', 'bad', 'e'], ['a', 'b', 'c'], ['bad', 'e'], ['bad'], ['e']]);
  });

  it('is refused as a whole when the reason passes', async () => {
    const { batcher, batches } = open({ work: refusingBad(new KontorError('unavailable', 'no store')) }, false);
    assert.deepEqual(await outcomes(['a', 'bad'].map((item) => batcher.submit(item))), ['unavailable', 'unavailable']);
    assert.equal(batches.length, 1);
    assert.equal(await batcher.submit('b'), 'B');
  });

  it('is not done again when it gave too few answers', async () => {
    const { batcher, batches } = open({ work: async () => ['A'] }, false);
    const settled = await Promise.allSettled(['a', 'b'].map((item) => batcher.submit(item)));
    for (const one of settled) assert.ok(one.status === 'rejected' && one.reason instanceof BrokenInvariant);
    assert.equal(batches.length, 1);
  });
});

describe('closing a batcher', () => {
  it('answers what waits and takes no more', async () => {
    const { batcher, finish } = open({ maxBatch: 1 });
    const answers = ['a', 'b'].map((item) => batcher.submit(item));
    await turn();
    let isClosed = false;
    const closing = batcher.close().then(() => {
      isClosed = true;
    });
    assert.deepEqual(await outcomes([batcher.submit('c')]), ['unavailable']);
    await finish();
    assert.equal(isClosed, false);
    await finish();
    await closing;
    assert.deepEqual(await outcomes(answers), ['A', 'B']);
  });

  it('is done at once when nothing waits', async () => {
    await open().batcher.close();
  });

  it('can be waited for without closing', async () => {
    const { batcher } = open({}, false);
    const answer = batcher.submit('a');
    await Promise.all([batcher.drained(), batcher.drained()]);
    assert.equal(await Promise.race([answer, 'not yet']), 'A');
    assert.equal(await batcher.submit('b'), 'B');
  });
});
