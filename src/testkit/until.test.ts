/** Waiting ends with the condition, or rejects with a message that names it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from './until.ts';

it('resolves with the first truthy value of a condition', async () => {
  let looks = 0;
  assert.equal(await until(() => (looks++ < 3 ? undefined : 'there'), { describe: 'the fourth look' }), 'there');
  assert.equal(await until(async () => looks > 0 && looks, { describe: 'an asynchronous condition' }), looks);
});

it('resolves and rejects as a promise does', async () => {
  assert.equal(await until(Promise.resolve(0), { describe: 'a promise' }), 0);
  await assert.rejects(until(Promise.reject(new Error('no')), { describe: 'a promise' }), /^Error: no$/);
});

it('passes on what a condition throws', async () => {
  const failing = (): boolean => {
    throw new Error('cannot look');
  };
  await assert.rejects(until(failing, { describe: 'nothing' }), /cannot look/);
});

it('rejects when the time is up, naming the condition and the progress', async () => {
  let looks = 0;
  const never = () => {
    looks += 1;
    return false;
  };
  await assert.rejects(
    until(never, { timeoutMs: 20, describe: () => `godot; looked ${looks > 0 ? 'often' : 'never'}` }),
    /waited 20 ms in vain for: godot; looked often/,
  );
  const looksThen = looks;
  await assert.rejects(until(new Promise(() => {}), { timeoutMs: 20, describe: 'godot' }), /in vain for: godot/);
  assert.ok(looks - looksThen <= 1, 'the condition is no longer checked');
});
