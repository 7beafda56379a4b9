/** The outbox's promises: stored with the cause, taken in order, the same frame again after a crash, and a limit. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { temporaryState } from '#testkit/temporary-state.ts';
import { KontorError } from './errors.ts';
import {
  appendToOutbox,
  maxEntryBytes,
  maxWaitingEntries,
  outboxMigrations,
  removeFrame,
  takeFrame,
  waitingEntries,
  waitingPartitions,
} from './outbox.ts';
import type { State } from './ports/state.ts';

const acme = { topic: 'sales', partition: 'ACME' };
const limits = { maxFrameBytes: 100, maxFrameEntries: 10 };

const openState = (t: TestContext) => temporaryState(t, outboxMigrations);

const records = (text: string) => ({ ...acme, count: text.length, body: new TextEncoder().encode(text) });
const append = (state: State, ...texts: string[]) => state.write((queries) => appendToOutbox(queries, texts.map(records), 7));
const take = (state: State, streamEnd: number | undefined) => state.write((queries) => takeFrame(queries, acme, streamEnd, limits));
const shown = (frame: { first: number; count: number; body: Uint8Array } | undefined) =>
  frame && [frame.first, frame.count, new TextDecoder().decode(frame.body)];

describe('outbox', () => {
  it('stores nothing of a transaction that was rolled back', async (t) => {
    const state = await openState(t);
    await assert.rejects(
      state.write(async (queries) => {
        await appendToOutbox(queries, [records('lost')], 7);
        throw new Error('the cause did not happen');
      }),
    );
    assert.deepEqual(await state.read((queries) => waitingPartitions(queries, 10)), []);
  });

  it('joins entries in order into one frame, and numbers frames densely', async (t) => {
    const state = await openState(t);
    await append(state, 'ab', 'c');
    await append(state, 'def');
    assert.deepEqual(shown(await take(state, 0)), [1, 6, 'abcdef']);
    await state.write((queries) => removeFrame(queries, acme, 1));
    await append(state, 'gh');
    assert.deepEqual(shown(await take(state, 6)), [7, 2, 'gh']);
  });

  it('takes the same frame again until it is removed, even when more entries came in', async (t) => {
    const state = await openState(t);
    await append(state, 'ab');
    await take(state, 0);
    await append(state, 'cd');
    assert.deepEqual(shown(await take(state, 0)), [1, 2, 'ab']);
    assert.deepEqual(shown(await take(state, 2)), [1, 2, 'ab']);
    await state.write((queries) => removeFrame(queries, acme, 1));
    assert.deepEqual(shown(await take(state, 2)), [3, 2, 'cd']);
  });

  it('continues after the end of the stream, or after its own numbers when that is unknown', async (t) => {
    const state = await openState(t);
    await append(state, 'ab');
    assert.deepEqual(shown(await take(state, 40)), [41, 2, 'ab']);
    await state.write((queries) => removeFrame(queries, acme, 41));
    await append(state, 'cd');
    assert.deepEqual(shown(await take(state, undefined)), [43, 2, 'cd']);
    await state.write((queries) => removeFrame(queries, acme, 43));
    await append(state, 'ef');
    assert.deepEqual(shown(await take(state, 99)), [100, 2, 'ef'], 'the stream is ahead of a State restored from a backup');
  });

  it('bounds a frame in bytes and entries', async (t) => {
    const state = await openState(t);
    await append(state, 'a'.repeat(60), 'b'.repeat(40), 'c');
    assert.deepEqual((await take(state, 0))?.count, 100);
    await state.write((queries) => removeFrame(queries, acme, 1));
    await append(state, 'd'.repeat(150), ...'0123456789'.split(''));
    assert.deepEqual(shown(await take(state, 100)), [101, 1, 'c'], 'an entry that is too large for the frame waits for the next');
    await state.write((queries) => removeFrame(queries, acme, 101));
    assert.deepEqual((await take(state, 101))?.count, 150, 'and is taken alone');
    await state.write((queries) => removeFrame(queries, acme, 102));
    await append(state, 'x');
    assert.deepEqual(shown(await take(state, 251)), [252, 10, '0123456789']);
  });

  it('lists partitions, longest waiting first, and keeps them separate', async (t) => {
    const state = await openState(t);
    await state.write((queries) => appendToOutbox(queries, [{ ...records('z'), partition: 'ZZZ' }], 5));
    await append(state, 'a', 'b');
    const waiting = await state.read((queries) => waitingPartitions(queries, 10));
    assert.deepEqual(waiting, [
      { topic: 'sales', partition: 'ZZZ', since: 5 },
      { topic: 'sales', partition: 'ACME', since: 7 },
    ]);
    assert.deepEqual(shown(await take(state, 0)), [1, 2, 'ab']);
  });

  it('refuses entries beyond the limit with `overloaded`, and accepts again when there is room', async (t) => {
    const state = await openState(t);
    await append(state, ...Array.from({ length: maxWaitingEntries }, () => 'x'));
    await assert.rejects(append(state, 'y'), (error) => error instanceof KontorError && error.code === 'overloaded' && error.retryable);
    assert.equal(await state.read(waitingEntries), maxWaitingEntries);
    await take(state, 0);
    await state.write((queries) => removeFrame(queries, acme, 1));
    await append(state, 'y');
    assert.equal(await state.read(waitingEntries), maxWaitingEntries - limits.maxFrameEntries + 1);
  });

  it('refuses entries that are empty or too large', async (t) => {
    const state = await openState(t);
    await assert.rejects(append(state, ''), /has no records/);
    await assert.rejects(append(state, 'x'.repeat(maxEntryBytes + 1)), /at most 65536/);
    await append(state, 'x'.repeat(maxEntryBytes));
  });
});
