/** The ports to the real world: the clock that sleeps, chance, and who of the processes here is still alive. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { processHolder } from './process-holder.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';

describe('the real clock', () => {
  it('sleeps no shorter than asked', async () => {
    const begunAt = realClock.monotonicMs();
    await realClock.sleep(20);
    assert.ok(realClock.monotonicMs() - begunAt >= 20);
  });

  it('wakes at once when the signal aborts, before or during the sleep, and leaves nothing behind', async () => {
    const calledOff = new AbortController();
    const sleeping = realClock.sleep(3_600_000, calledOff.signal);
    calledOff.abort();
    await sleeping;
    await realClock.sleep(3_600_000, calledOff.signal);
    assert.equal(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length, 0);
  });

  it('sleeps on past the longest timer, without asking for a longer one', async (t) => {
    const warnings: string[] = [];
    const remember = (warning: Error) => warnings.push(warning.name);
    process.on('warning', remember);
    t.after(() => process.off('warning', remember));
    const calledOff = new AbortController();
    let awake = false;
    const sleeping = realClock.sleep(2 ** 40, calledOff.signal).then(() => {
      awake = true;
    });
    await realClock.sleep(20);
    assert.equal(awake, false);
    assert.deepEqual(warnings, []);
    calledOff.abort();
    await sleeping;
  });
});

describe('real chance', () => {
  it('stays within what was asked for', () => {
    for (let round = 0; round < 1_000; round++) {
      const whole = realRandom.int(3);
      assert.ok(Number.isInteger(whole) && whole >= 0 && whole < 3);
      const share = realRandom.float();
      assert.ok(share >= 0 && share < 1);
    }
    assert.equal(realRandom.int(1), 0);
  });

  it('makes identifiers of 32 hex characters that differ', () => {
    const ids = new Set(Array.from({ length: 1_000 }, () => realRandom.id()));
    assert.equal(ids.size, 1_000);
    for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
  });
});

describe('the holder of leases', () => {
  const place = processHolder().id.split(':')[0];

  it('has an id of its own for each life', () => {
    assert.notEqual(processHolder().id, processHolder().id);
  });

  it('knows that a process that ended here is gone, and that a running one is not', async () => {
    const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const holder = processHolder();
    const childId = `${place}:${child.pid}:0123456789ab`;
    assert.equal(holder.isGone(childId), false);
    child.stdin.end();
    await once(child, 'exit');
    assert.equal(holder.isGone(childId), true);
  });

  it('knows that an earlier life with its own process number is gone, and itself is not', () => {
    const holder = processHolder();
    assert.equal(holder.isGone(`${place}:${process.pid}:0123456789ab`), true);
    assert.equal(holder.isGone(holder.id), false);
  });

  it('says nothing of processes elsewhere, nor of what it cannot read', () => {
    const holder = processHolder();
    for (const id of [
      `elsewhere:${process.pid}:0123456789ab`,
      `${place}`,
      `${place}::x`,
      `${place}:-1:x`,
      `${place}:0:x`,
      `${place}:1e3:x`,
      '',
    ]) {
      assert.equal(holder.isGone(id), false, id);
    }
  });
});
