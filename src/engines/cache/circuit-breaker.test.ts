/** A server that fails is left alone for growing pauses, and tried by one call at a time. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { manualClock } from '#testkit/clock.ts';
import { recordingLog } from '#testkit/log.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

function world() {
  const [clock, log] = [manualClock(), recordingLog()];
  const breaker = new CircuitBreaker({ server: 'here:1', timeoutMs: 50, clock, random: seededRandom(1), log });
  const calls = { made: 0 };
  const failing = () =>
    breaker.call(async () => {
      calls.made += 1;
      throw new Error('gone');
    });
  return { clock, log, breaker, calls, failing };
}

it('after a failure, calls are refused at once until the pause is over', async () => {
  const { clock, breaker, calls, failing } = world();
  await assert.rejects(failing(), /gone/);
  for (let call = 0; call < 5; call += 1) await assert.rejects(failing(), /a moment ago/);
  assert.equal(calls.made, 1);
  await clock.advance(100);
  assert.equal(await breaker.call(async () => 'back'), 'back');
  assert.equal(await breaker.call(async () => 'back'), 'back');
});

it('the pauses grow up to a limit', async () => {
  const { clock, calls, failing } = world();
  for (let second = 0; second < 60; second += 1) {
    await failing().catch(() => {});
    await clock.advance(1_000);
  }
  assert.ok(calls.made >= 20 && calls.made < 50, `${calls.made} calls in a minute`);
});

it('one call at a time tries a server that failed', async () => {
  const { clock, breaker, failing } = world();
  await assert.rejects(failing(), /gone/);
  await clock.advance(100);
  const slow = Promise.withResolvers<string>();
  const trial = breaker.call(() => slow.promise);
  await assert.rejects(failing(), /a moment ago/);
  slow.resolve('back');
  assert.equal(await trial, 'back');
});

it('a call that takes too long is a failure; it is logged once, and the return, too', async () => {
  const { clock, log, breaker, failing } = world();
  const late = assert.rejects(
    breaker.call(() => new Promise(() => {})),
    /did not answer within 50 ms/,
  );
  await clock.advance(50);
  await late;
  await clock.advance(100);
  await assert.rejects(failing(), /gone/);
  await clock.advance(200);
  await breaker.call(async () => 'back');
  assert.deepEqual(
    log.entries.map(({ level }) => level),
    ['warn', 'info'],
  );
});
