/** Which answers are kept, and for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Answers } from './answers.ts';

function counted() {
  const clock = { now: 0, asked: 0, failing: false };
  const answers = new Answers(
    async (question) => {
      clock.asked += 1;
      if (clock.failing) throw new Error('no answer');
      return `${question} ${clock.asked}`;
    },
    () => clock.now,
  );
  return { clock, answers };
}

test('an answer is asked for once while it is fresh, and shown while a newer one is on its way', async () => {
  const { clock, answers } = counted();
  assert.equal(answers.known('a'), undefined);
  assert.deepEqual(await Promise.all([answers.load('a'), answers.load('a')]), ['a 1', 'a 1']);
  clock.now = 11_000;
  const second = answers.load('a');
  assert.equal(answers.known('a'), 'a 1');
  assert.equal(await second, 'a 2');
  assert.equal(answers.known('a'), 'a 2');
  clock.now += 5 * 60_000;
  assert.equal(answers.known('a'), undefined);
});

test('a failure is not kept', async () => {
  const { clock, answers } = counted();
  clock.failing = true;
  await assert.rejects(answers.load('a'));
  clock.failing = false;
  assert.equal(await answers.load('a'), 'a 2');
});

test('the number of answers has a limit: the oldest are forgotten', async () => {
  const { answers } = counted();
  for (let number = 0; number < 41; number += 1) await answers.load(String(number));
  assert.equal(answers.known('0'), undefined);
  assert.equal(answers.known('40'), '40 41');
});
