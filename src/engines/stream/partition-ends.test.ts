/** Readers that ask together share one query; each sees at least the ends at the time of its call. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PartitionEnds } from './partition-ends.ts';

it('queries once for all that ask at the same time', async () => {
  let questions = 0;
  const ends = new PartitionEnds(async () => {
    questions += 1;
    return new Map([['A', 10]]);
  });
  assert.deepEqual(await Promise.all([ends.isBeyond('A', 9), ends.isBeyond('A', 10), ends.isBeyond('B', 0)]), [true, false, false]);
  assert.equal(questions, 1);
});

it('does not query for records that it knows of', async () => {
  let questions = 0;
  const ends = new PartitionEnds(async () => {
    questions += 1;
    return new Map([['A', 10]]);
  });
  await ends.isBeyond('A', 0);
  assert.equal(await ends.isBeyond('A', 5), true);
  assert.equal(questions, 1);
});

it('queries again for a caller that comes during a query: it may know of later publishes', async () => {
  const answers = [Promise.withResolvers<Map<string, number>>(), Promise.withResolvers<Map<string, number>>()];
  const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let questions = 0;
  const ends = new PartitionEnds(() => {
    asked[questions]?.resolve();
    questions += 1;
    return answers[questions - 1]?.promise ?? Promise.reject(new Error('asked too often'));
  });
  const early = ends.isBeyond('A', 0);
  await asked[0]?.promise;
  const late = ends.isBeyond('A', 0);
  await asked[1]?.promise;
  answers[0]?.resolve(new Map());
  assert.equal(await early, false);
  answers[1]?.resolve(new Map([['A', 1]]));
  assert.equal(await late, true);
});
