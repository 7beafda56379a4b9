/** The rule of autoscaling, on invented loads: within the range, one step at a time, and calm under a steady load. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide, defaultRule, type Look, type Range, type ScaleState, startState } from './autoscale-rule.ts';

const lookEveryMs = 1_000;
const range: Range = { min: 2, max: 6 };
const anyRange = fc
  .tuple(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 0, max: 31 }))
  .map(([min, more]) => ({ min, max: min + more }));
/** The work of all instances, in instances at their target. */
const anyWork = fc.double({ min: 0, max: 40, noNaN: true });

function lookAt(second: number, work: number, allReady = true): Look {
  return { nowMs: second * lookEveryMs, load: { cores: work * defaultRule.coresEach, requestsInFlight: 0 }, allReady };
}

/** What is wanted after each look. */
function wantedOver(within: Range, works: readonly number[], from: ScaleState = startState(within, 0)): readonly number[] {
  let state = from;
  return works.map((work, second) => {
    state = decide(state, within, lookAt(second, work), defaultRule);
    return state.wanted;
  });
}

const steady = (work: number, seconds: number) => Array.from({ length: seconds }, () => work);
const changes = (wanted: readonly number[]) => wanted.slice(1).map((count, index) => count - (wanted[index] ?? 0));

describe('the rule of autoscaling', () => {
  it('stays within the range, changes by one at most, and leaves its cool-down between two changes, whatever is measured', () => {
    const looks = fc.array(fc.record({ work: anyWork, allReady: fc.boolean() }), { maxLength: 300 });
    fc.assert(
      fc.property(anyRange, looks, (within, measured) => {
        let state = startState(within, 0);
        let changedAt = 0;
        for (const [second, { work, allReady }] of measured.entries()) {
          const next = decide(state, within, lookAt(second, work, allReady), defaultRule);
          assert.ok(next.wanted >= within.min && next.wanted <= within.max);
          assert.ok(Math.abs(next.wanted - state.wanted) <= 1);
          if (next.wanted !== state.wanted) {
            assert.ok(allReady, 'nothing is decided while an instance is not ready');
            assert.ok(second * lookEveryMs - changedAt >= defaultRule.coolDownMs);
            changedAt = second * lookEveryMs;
          }
          state = next;
        }
      }),
    );
  });

  it('never goes up and down under a steady load, even when each look differs by a tenth, and ends with enough instances', () => {
    const noise = fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 2_000, maxLength: 2_000 });
    fc.assert(
      fc.property(anyRange, anyWork, fc.nat(31), noise, (within, work, more, factors) => {
        const from = { ...startState(within, 0), wanted: Math.min(within.max, within.min + more) };
        const wanted = wantedOver(
          within,
          factors.map((factor) => work * factor),
          from,
        );
        const signs = new Set(changes(wanted).filter((change) => change !== 0));
        assert.ok(signs.size <= 1, `${from.wanted}, then ${wanted.join(' ')}`);
        assert.ok((wanted.at(-1) ?? 0) >= Math.min(within.max, Math.floor(work * 0.9)));
      }),
      { numRuns: 50 },
    );
  });

  it('goes up in seconds, and down in half a minute for each instance', () => {
    const up = wantedOver(range, steady(10, 20));
    assert.deepEqual(
      changes(up).flatMap((change, second) => (change === 0 ? [] : [second + 1])),
      [3, 6, 9, 12],
    );
    const down = wantedOver(range, steady(0, 130), { ...startState(range, 0), wanted: 6 });
    assert.deepEqual(
      changes(down).flatMap((change, second) => (change === 0 ? [] : [second + 1])),
      [30, 61, 92, 123],
    );
  });

  it('does not add one for a short peak, nor remove one for a short pause', () => {
    const peaks = Array.from({ length: 100 }, (_, second) => (second % 3 === 0 ? 1 : 10));
    assert.deepEqual(new Set(wantedOver(range, peaks)), new Set([2]));
    const pauses = Array.from({ length: 100 }, (_, second) => (second % 20 === 0 ? 5.5 : 0));
    assert.deepEqual(new Set(wantedOver(range, pauses, { ...startState(range, 0), wanted: 6 })), new Set([6]));
  });

  it('counts requests in flight as well as CPU, whichever is more', () => {
    const look = { nowMs: 10_000, allReady: true, load: { cores: 0, requestsInFlight: 2 * defaultRule.requestsEach + 1 } };
    const state = { ...startState(range, 0), highSinceMs: 8_000 };
    assert.equal(decide(state, range, look, defaultRule).wanted, 3);
    assert.equal(
      decide(state, range, { ...look, load: { cores: 0, requestsInFlight: 2 * defaultRule.requestsEach } }, defaultRule).wanted,
      2,
    );
  });
});
