/** The demonstration's site is the same for everybody at the same time, and changes as its pages promise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodsAt, headlinesAt, isMoodyAt, newsStepMs, priceStepMs } from './happenings.ts';
import { newsPage, pricesPage } from './site-pages.ts';

const noon = Date.UTC(2026, 11, 1, 12);

test('prices move with each step, by little, and stay until the next', () => {
  assert.deepEqual(goodsAt(noon), goodsAt(noon + priceStepMs - 1));
  assert.notDeepEqual(goodsAt(noon), goodsAt(noon + priceStepMs));
  for (let step = 0; step < 5_000; step += 1) {
    const [now, next] = [goodsAt(noon + step * priceStepMs), goodsAt(noon + (step + 1) * priceStepMs)];
    for (const [index, { id, cents }] of now.entries()) {
      const change = Math.abs((next[index]?.cents ?? 0) / cents - 1);
      assert.ok(change < 0.03, `${id} moved by ${change}`);
    }
  }
  assert.match(pricesPage(noon), /<td id="tea">\d+\.\d\d<\/td>/);
});

test('a headline comes with each step, and those before stay', () => {
  const [now, next] = [headlinesAt(noon), headlinesAt(noon + newsStepMs)];
  assert.deepEqual(next.slice(1), now.slice(0, -1));
  assert.match(newsPage(noon), /<li><time>12:00:00<\/time> The .+ is in from .+ with \w+\.<\/li>/);
});

test('the moody page fails for 20 seconds of every minute', () => {
  const failures = Array.from({ length: 60 }, (_, second) => isMoodyAt(noon + second * 1_000)).filter(Boolean);
  assert.equal(failures.length, 20);
});
