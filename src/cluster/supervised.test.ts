/** Supervision of one part: others are looked after while it starts, and it stops only when it has started. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Part, Supervised } from './supervised.ts';

function open(kind: Part['kind']) {
  const begun = Promise.withResolvers<void>();
  const done: string[] = [];
  let processId: number | undefined;
  const part: Part = {
    name: 'one',
    kind,
    stage: 0,
    address: '',
    log: 'one.log',
    processId: () => processId,
    async start() {
      // Its process is there long before it can be used.
      processId = process.pid;
      done.push('start');
      await begun.promise;
      done.push('started');
    },
    async stop() {
      done.push('stop');
    },
    async kill() {},
    async checkHealth() {
      return { ready: true, says: 'here' };
    },
  };
  const supervised = new Supervised(
    part,
    () => {},
    () => {},
  );
  return { supervised, begun, done };
}

describe('a part that takes long to start', { timeout: 30_000 }, () => {
  it('holds up nobody if it is an engine, is not started twice, and is ready when it has started', async () => {
    const { supervised, begun, done } = open('engine');
    await supervised.tend();
    await supervised.tend();
    assert.deepEqual([done, supervised.row().ready], [['start'], false]);
    begun.resolve();
    while (!supervised.row().ready) await supervised.tend();
    assert.deepEqual(done, ['start', 'started']);
  });

  it('stops when it has started', async () => {
    const { supervised, begun, done } = open('engine');
    await supervised.tend();
    const stopping = supervised.stoppable()[0]?.stop();
    begun.resolve();
    await stopping;
    assert.deepEqual(done, ['start', 'started', 'stop']);
  });
});
