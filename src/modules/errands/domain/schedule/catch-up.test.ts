/** What is made after a downtime, where runs may not overlap, and after an edit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { type CatchUp, type CatchUpAsked, catchUp } from './catch-up.ts';
import { nextGeneration } from './next-generation.ts';
import { nextSlots } from './next-slots.ts';
import type { Cursor, Schedule } from './schedule.ts';

const everyTen: Schedule = {
  start: 0,
  zone: 'UTC',
  repeat: { kind: 'interval', seconds: 10 },
  repetitions: null,
  jitterMs: 0,
  activeHours: null,
  catchUp: 'one',
  lateMs: 15_000,
  overlap: 'allow',
};

const asked: CatchUpAsked = { after: undefined, nowMs: 0, untilMs: 0, limit: 100, seed: 'order/1', openRun: false };

/** Asks until nothing is left to decide. */
function allOf(schedule: Schedule, first: CatchUpAsked) {
  const made: number[] = [];
  let passedOver = 0;
  let answer: CatchUp;
  let after = first.after;
  do {
    answer = catchUp(schedule, { ...first, after });
    made.push(...answer.make.map(({ slot }) => slot));
    passedOver += answer.passedOver;
    assert.ok(!answer.more || (answer.after?.slot ?? 0) > (after?.slot ?? 0), 'each call decides something');
    after = answer.after;
  } while (answer.more);
  return { made, passedOver, after, next: answer.next?.slot };
}

describe('catching up', () => {
  // Slots 1 to 11 are due at 0 to 100 s; those before 85 s, 1 to 9, are missed. Slots 12 and 13 lie ahead.
  const late = { ...asked, nowMs: 100_000, untilMs: 120_000 };

  it('passes over what is missed, makes the newest of it, or makes all', () => {
    assert.deepEqual(allOf({ ...everyTen, catchUp: 'skip' }, late).made, [10, 11, 12, 13]);
    assert.deepEqual(allOf(everyTen, late), { made: [9, 10, 11, 12, 13], passedOver: 8, after: { slot: 13, at: 120_000 }, next: 14 });
    assert.deepEqual(allOf({ ...everyTen, catchUp: 'all' }, late).made.length, 13);
  });

  it('goes on where it stopped', () => {
    const { make, after, more } = catchUp({ ...everyTen, catchUp: 'all' }, { ...late, limit: 5 });
    assert.deepEqual([make.length, after?.slot, more], [5, 5, true]);
    assert.deepEqual(allOf({ ...everyTen, catchUp: 'all' }, { ...late, limit: 5 }).made, allOf({ ...everyTen, catchUp: 'all' }, late).made);
  });

  it('looks at a bounded number of slots in one call, and makes the newest of many calls', () => {
    const muchLater = { ...asked, nowMs: 200_000_000, untilMs: 200_000_000 };
    const first = catchUp(everyTen, muchLater);
    assert.deepEqual([first.make.length, first.passedOver, first.more], [0, 4_999, true]);
    // Slot 20,001 is due now and slot 19,999 is the newest that is more than 15 s late.
    assert.deepEqual(allOf(everyTen, muchLater).made, [19_999, 20_000, 20_001]);
    assert.deepEqual(allOf({ ...everyTen, catchUp: 'skip' }, muchLater).made, [20_000, 20_001]);
    assert.deepEqual(allOf({ ...everyTen, repetitions: 5_000 }, muchLater).made, [5_000]);
  });

  it('says when the schedule is over', () => {
    const { made, next } = allOf({ ...everyTen, repetitions: 11 }, late);
    assert.deepEqual([made, next], [[9, 10, 11], undefined]);
  });

  it('decides each slot once, in order, whenever it is asked', () => {
    const anyRule = fastCheck.record({
      catchUp: fastCheck.constantFrom('skip', 'one', 'all'),
      overlap: fastCheck.constantFrom('allow', 'skip'),
    });
    const anyLooks = fastCheck.array(
      fastCheck.record({ waitMs: fastCheck.integer({ min: 0, max: 90_000 }), openRun: fastCheck.boolean() }),
    );
    fastCheck.assert(
      fastCheck.property(anyRule, anyLooks, fastCheck.integer({ min: 1, max: 7 }), (rule, looks, limit) => {
        let after: Cursor | undefined;
        let nowMs = 0;
        let decided = 0;
        for (const { waitMs, openRun } of looks) {
          nowMs += waitMs;
          const answer = catchUp({ ...everyTen, ...rule }, { ...asked, after, nowMs, untilMs: nowMs + 20_000, limit, openRun });
          assert.equal(answer.make[0]?.slot ?? decided + answer.passedOver + 1, decided + answer.passedOver + 1);
          decided += answer.passedOver + answer.make.length;
          assert.deepEqual([answer.after?.slot ?? 0, answer.next?.slot], [decided, decided + 1]);
          after = answer.after;
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('runs that may not overlap', () => {
  const alone: Schedule = { ...everyTen, catchUp: 'all', overlap: 'skip' };

  it('are made one at a time, also ahead', () => {
    const { make, more, next } = catchUp(alone, { ...asked, nowMs: 5_000, untilMs: 120_000, after: { slot: 1, at: 0 } });
    assert.deepEqual([make.map(({ slot }) => slot), more, next?.slot], [[2], false, 3]);
  });

  it('pass over what comes due while one is open, and leave what lies ahead', () => {
    const open = { ...asked, nowMs: 35_000, untilMs: 120_000, openRun: true };
    assert.deepEqual(allOf(alone, open), { made: [], passedOver: 4, after: { slot: 4, at: 30_000 }, next: 5 });
  });
});

describe('a new generation', () => {
  const edited: Schedule = { ...everyTen, repeat: { kind: 'interval', seconds: 30 }, repetitions: 10 };

  it('counts from 1, after now and after what was made, with the repetitions that are left', () => {
    const next = nextGeneration(edited, { generation: 4, used: 7, lastAt: 90_000 }, 61_000);
    assert.ok('generation' in next);
    assert.deepEqual([next.generation, next.schedule.repetitions], [5, 3]);
    const slots = nextSlots(next.schedule, { after: next.after, limit: 10, untilMs: Number.POSITIVE_INFINITY, seed: '' });
    assert.deepEqual(
      slots.map(({ slot, at }) => [slot, at]),
      [
        [1, 120_000],
        [2, 150_000],
        [3, 180_000],
      ],
    );
  });

  it('is refused where nothing would be left', () => {
    const before = { generation: 1, used: 10, lastAt: 0 };
    assert.deepEqual(nextGeneration(edited, before, 0), { field: 'repetitions', name: 'schedule-repetitions-used', values: { used: 10 } });
    const once: Schedule = { ...everyTen, repeat: { kind: 'once' } };
    assert.deepEqual(nextGeneration(once, before, 5_000), { field: 'repeat', name: 'schedule-over', values: {} });
  });

  it('waits for a start that lies ahead', () => {
    const next = nextGeneration({ ...edited, start: 500_000 }, { generation: 1, used: 0, lastAt: undefined }, 61_000);
    assert.ok('generation' in next);
    assert.equal(nextSlots(next.schedule, { after: next.after, limit: 1, untilMs: Number.POSITIVE_INFINITY, seed: '' })[0]?.at, 500_000);
  });
});
