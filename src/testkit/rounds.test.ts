/** Rounds end when the time is up, reach the minimum on a busy machine, and fail below it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rounds } from './rounds.ts';

const unlimited = { what: 'rounds', seconds: 0.02, slowestRoundSeconds: 1 };

/** Keeps the processor busy, like a round on a slow machine. */
async function busyFor(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('rounds', { skip: process.env.KONTOR_TEST_SECONDS !== undefined && 'KONTOR_TEST_SECONDS sets all times' }, () => {
  it('are numbered from 1, reported in a line, and end when the time is up', async () => {
    const numbers: number[] = [];
    const lines: string[] = [];
    const made = await rounds({ diagnostic: (line) => lines.push(line) }, unlimited, async (number) => {
      numbers.push(number);
      await busyFor(1);
    });
    assert.ok(made >= 1);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', new RegExp(`^${made} rounds in \\d+ s$`));
  });

  it('continue after the time until the minimum is reached', async () => {
    const made = await rounds({ diagnostic() {} }, { what: 'rounds', seconds: 0.75, slowestRoundSeconds: 0.25 }, () => busyFor(400));
    assert.equal(made, 3);
  });

  it('fail when even then the minimum is not reached', async () => {
    const slow = rounds({ diagnostic() {} }, { what: 'kills', seconds: 0.02, slowestRoundSeconds: 0.002 }, () => busyFor(40));
    await assert.rejects(slow, /^AssertionError.*: \d kills in \d+ s: the test needs at least 10/);
  });
});
