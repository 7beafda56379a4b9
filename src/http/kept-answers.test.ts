/** What is kept is bounded in number, size and age, whatever is asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '#house/metrics.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { openGate } from './gate.ts';
import { KeptAnswers } from './kept-answers.ts';
import { KeptLane } from './kept-lane.ts';
import { openObserver } from './observe.ts';
import { RateLimit } from './rate-limit.ts';

const answer = (text: string) => async () => ({ text, about: undefined, keep: true });

test('answers are bounded in number and bytes; the oldest go first', async () => {
  const answers = new KeptAnswers(manualClock());
  for (let index = 0; index < 5_000; index += 1) {
    await answers.get(`key ${index}`, 1_000, answer('x'));
    assert.ok(answers.size.answers <= 4_000);
  }
  assert.equal(answers.fresh('key 0'), undefined);
  assert.equal(answers.fresh('key 4999')?.body, 'x');
  const large = 'ü'.repeat(1024 * 1024);
  for (let index = 0; index < 40; index += 1) {
    await answers.get(`large ${index}`, 1_000, answer(large));
    assert.ok(answers.size.bytes <= 32 * 1024 * 1024);
  }
  assert.equal(answers.fresh('key 4999'), undefined);
  assert.ok(answers.size.answers <= 16);
  assert.equal(answers.fresh('large 39')?.body.length, 2 * large.length);
  for (let index = 0; index < 5_000; index += 1) await answers.get('key', 1_000, answer(''));
  for (let index = 0; index < 4_000; index += 1) await answers.get(`a key of 16 ${1_000 + index}`, 1_000, answer(''));
  assert.equal(answers.size.bytes, answers.size.answers * 1_016);
});

test('an answer is as old as its question, and is made once for all who ask meanwhile', async () => {
  const clock = manualClock();
  const answers = new KeptAnswers(clock);
  const made = Promise.withResolvers<string>();
  const make = () => made.promise.then((text) => ({ text, about: undefined, keep: true }));
  const waiting = [answers.get('key', 1_000, make), answers.get('key', 1_000, answer('another'))];
  assert.equal(answers.fresh('key'), undefined);
  await clock.advance(600);
  made.resolve('one');
  for (const one of waiting) assert.equal((await one).body, 'one');
  assert.equal(answers.fresh('key')?.body, 'one');
  await clock.advance(400);
  assert.equal(answers.fresh('key'), undefined);
  assert.equal((await answers.get('key', 1_000, answer('two'))).body, 'two');
});

test('one that comes when another has taken its place is not kept', async () => {
  const clock = manualClock();
  const answers = new KeptAnswers(clock);
  const late = Promise.withResolvers<string>();
  const first = answers.get('key', 1_000, () => late.promise.then((text) => ({ text, about: undefined, keep: true })));
  await clock.advance(1_000);
  await answers.get('key', 1_000, answer('two'));
  late.resolve('one');
  assert.equal((await first).body, 'one');
  assert.equal(answers.fresh('key')?.body, 'two');
});

test('a hundred thousand addresses leave at most ten thousand behind', async () => {
  const clock = manualClock();
  const { metrics, text } = openMetrics();
  const log = silentLog();
  const lane = new KeptLane({
    gate: openGate({ host: '127.0.0.1', allowedHosts: [], trustedProxies: [] }),
    clock,
    log,
    metrics,
    observer: openObserver(log, metrics, clock),
    rates: undefined,
    draining: () => false,
    requestId: () => 'id',
  });
  const route = { path: '/', plan: { keepMs: 1, make: async () => ({ answer: '', about: undefined }) }, mediaType: '', headers: [] };
  for (let index = 0; index < 100_000; index += 1) lane.remember(`/?${index}`, route, '/');
  lane.remember(`/?${'x'.repeat(1_000)}`, route, '/');
  lane.update();
  const [, kept = ''] = /^http_kept_addresses (\d+)$/m.exec(await text()) ?? [];
  assert.ok(Number(kept) > 8_000 && Number(kept) <= 10_000, kept);
});

test('requests are counted by address: a /64 of IPv6, and IPv4 also in its longer form', async () => {
  const clock = manualClock();
  const rates = new RateLimit(2, clock);
  const take = (address: string) => rates.take(address).remaining;
  assert.deepEqual([take('203.0.113.7'), take('::ffff:203.0.113.7'), rates.take('203.0.113.7').refused], [1, 0, true]);
  assert.deepEqual([take('2001:db8:1:2::1'), take('2001:DB8:1:2:ffff::9'), take('2001:db8:1:3::1')], [1, 0, 1]);
  await clock.advance(59_001);
  assert.deepEqual(rates.take('203.0.113.7'), { perMinute: 2, refused: true, remaining: 0, resetSeconds: 1 });
  await clock.advance(999);
  assert.equal(take('203.0.113.7'), 1);
  for (let index = 0; index < 10_000; index += 1) take(`10.0.${index >> 8}.${index & 255}`);
  assert.equal(take('203.0.113.7'), 1, 'the oldest of more than 10,000 are forgotten');
});
