/** Work waits in order and within a limit, is grouped by turn, and is completed before closing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { WorkQueue } from './work-queue.ts';

/** A queue whose runner takes up to `groupSize` items per run and resolves each with itself. */
function openQueue({ limit = 10, groupSize = 10, gate }: { limit?: number; groupSize?: number; gate?: Promise<void> } = {}) {
  const groups: string[][] = [];
  const queue = new WorkQueue<string>('writes', limit, async () => {
    const group: string[] = [];
    groups.push(group);
    if (gate) await gate;
    for (let member = queue.take(); member; member = group.length < groupSize ? queue.take() : undefined) {
      group.push(member.work);
      member.resolve(member.work);
    }
  });
  return { queue, groups };
}

const refusedAs = (code: string) => (error: unknown) => error instanceof KontorError && error.code === code;

describe('a work queue', () => {
  it('runs work of the same turn together, in order', async () => {
    const { queue, groups } = openQueue();
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((work) => queue.add(work))), ['a', 'b', 'c']);
    assert.deepEqual(groups, [['a', 'b', 'c']]);
    assert.equal(await queue.add('d'), 'd');
    assert.deepEqual(groups, [['a', 'b', 'c'], ['d']]);
  });

  it('runs again until nothing waits', async () => {
    const { queue, groups } = openQueue({ groupSize: 2 });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((work) => queue.add(work)));
    assert.deepEqual(groups, [['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('refuses work beyond its limit with overloaded, and accepts again when there is room', async () => {
    const { queue, groups } = openQueue({ limit: 2 });
    const waiting = [queue.add('a'), queue.add('b')];
    await assert.rejects(queue.add('c'), (error: unknown) => {
      assert.ok(error instanceof KontorError && error.code === 'overloaded' && error.retryable);
      assert.match(error.message, /More than 2 writes are waiting/);
      return true;
    });
    await Promise.all(waiting);
    assert.equal(await queue.add('d'), 'd');
    assert.deepEqual(groups, [['a', 'b'], ['d']]);
  });

  it('does not count running work as waiting', async () => {
    const taken = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const queue: WorkQueue<string> = new WorkQueue('writes', 1, async () => {
      const member = queue.take();
      taken.resolve();
      await gate.promise;
      member?.resolve(member.work);
    });
    const first = queue.add('a');
    await taken.promise;
    const second = queue.add('b');
    await assert.rejects(queue.add('c'), refusedAs('overloaded'));
    gate.resolve();
    assert.deepEqual(await Promise.all([first, second]), ['a', 'b']);
  });

  it('completes waiting work on close, and refuses later work', async () => {
    const gate = Promise.withResolvers<void>();
    const { queue } = openQueue({ gate: gate.promise });
    let done = false;
    const working = queue.add('a').then(() => {
      done = true;
    });
    const closed = queue.close();
    await assert.rejects(queue.add('b'), refusedAs('unavailable'));
    gate.resolve();
    await closed;
    assert.equal(done, true);
    await working;
    await queue.close();
  });
});
