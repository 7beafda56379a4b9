/** The client-side log tells when each part works again, and waits for nothing when the drill is ended early. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Journal, parts } from './journal.ts';

it('tells when each part first did something that was begun since', async () => {
  const journal = new Journal();
  const working = journal.workedSince(100, 60_000, new AbortController().signal);
  for (const part of parts) {
    journal.worked(part, 99);
    journal.worked(part, 100);
  }
  assert.deepEqual([...(await working).keys()], [...parts]);
});

it('waits for nothing when the drill was ended before', async () => {
  const worked = await new Journal().workedSince(0, 60_000, AbortSignal.abort());
  assert.equal(worked.size, 0);
});
