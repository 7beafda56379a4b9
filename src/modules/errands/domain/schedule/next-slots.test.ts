/** Slots agree with simple models that ask Temporal about every local minute, in many zones and on all kinds of days. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { nextSlots } from './next-slots.ts';
import type { Schedule, Slot } from './schedule.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/Santiago',
  'Pacific/Apia',
  'UTC',
];
const forever = Number.POSITIVE_INFINITY;

function scheduleOf(changes: Partial<Schedule>): Schedule {
  const plain: Schedule = {
    start: 0,
    zone: 'UTC',
    repeat: { kind: 'once' },
    repetitions: null,
    jitterMs: 0,
    activeHours: null,
    catchUp: 'one',
    lateMs: 60_000,
    overlap: 'allow',
  };
  return { ...plain, ...changes };
}

/** What a cron expression means, as sets; the model knows nothing of its text. */
interface CronModel {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  /** Undefined for any. */
  readonly dates: readonly number[] | undefined;
  readonly lastDay: boolean;
  readonly weekdays: readonly number[] | undefined;
}

function expressionOf({ minutes, hours, months, dates, lastDay, weekdays }: CronModel): string {
  const days = dates === undefined ? '*' : [...dates, ...(lastDay ? ['L'] : [])].join();
  return [minutes.join(), hours.join(), days, months.length === 12 ? '*' : months.join(), weekdays?.join() ?? '*'].join(' ');
}

function dueOn(model: CronModel, date: Temporal.PlainDate): boolean {
  if (!model.months.includes(date.month)) return false;
  const byDate = model.dates?.includes(date.day) || (model.lastDay && date.day === date.daysInMonth);
  const byWeekday = model.weekdays?.includes(date.dayOfWeek % 7);
  if (model.dates === undefined) return byWeekday ?? true;
  return byDate || (byWeekday ?? false);
}

/** Of two times the first, and right after a gap what falls into it. */
function instantByTemporal(local: Temporal.PlainDateTime, zone: string): number {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const shown = earlier.toPlainDateTime().equals(local);
  return (shown ? earlier : earlier.getTimeZoneTransition('next'))?.epochMilliseconds ?? Number.NaN;
}

function timesByModel(model: CronModel, zone: string, from: number, until: number): number[] {
  const times = new Set<number>();
  const localDate = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const lastDate = localDate(until).add({ days: 1 });
  // A day before, because the gap in which a time falls may end on the day after it.
  for (let date = localDate(from).subtract({ days: 1 }); Temporal.PlainDate.compare(date, lastDate) <= 0; date = date.add({ days: 1 })) {
    if (!dueOn(model, date)) continue;
    for (const hour of model.hours)
      for (const minute of model.minutes) times.add(instantByTemporal(date.toPlainDateTime({ hour, minute }), zone));
  }
  return [...times].filter((at) => at >= from && at <= until).sort((one, other) => one - other);
}

/** All slots until a time, asked for a few at a time. */
function slotsUntil(schedule: Schedule, untilMs: number, limit: number, seed = 'order/1'): Slot[] {
  const slots: Slot[] = [];
  for (;;) {
    const more = nextSlots(schedule, { after: slots.at(-1), limit, untilMs, seed });
    slots.push(...more);
    if (more.length < limit) return slots;
  }
}

const times = (slots: readonly Slot[]) => slots.map(({ at }) => at);
const subset = (least: number, most: number, maxLength: number) =>
  fastCheck.uniqueArray(fastCheck.integer({ min: least, max: most }), { minLength: 1, maxLength });
const maybe = <Value>(value: fastCheck.Arbitrary<Value>) => fastCheck.option(value, { nil: undefined });
const anyMonths = fastCheck.oneof(fastCheck.constant([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), subset(1, 12, 4));
const firstMoment = Date.UTC(2023, 0, 1);
const anyMoment = fastCheck.integer({ min: firstMoment, max: Date.UTC(2033, 0, 1) });

/** In half of the cases shortly before a switch of the clock. */
const anyStart = fastCheck
  .tuple(fastCheck.constantFrom(...zones), anyMoment, fastCheck.boolean(), fastCheck.integer({ min: 0, max: 3 * 86_400_000 }))
  .map(([zone, moment, nearSwitch, beforeMs]) => {
    const change = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).getTimeZoneTransition('next');
    return { zone, start: nearSwitch && change !== null ? change.epochMilliseconds - beforeMs : moment };
  });

const monthMs = 35 * 86_400_000;

describe('slots by cron', () => {
  it('are those of the model in any month', () => {
    const model = fastCheck.record<CronModel>({
      minutes: subset(0, 59, 3),
      hours: subset(0, 23, 6).map((hours) => [...new Set([...hours, 1, 2])]),
      months: anyMonths,
      dates: maybe(subset(1, 31, 4)),
      lastDay: fastCheck.boolean(),
      weekdays: maybe(subset(0, 6, 4)),
    });
    fastCheck.assert(
      fastCheck.property(anyStart, model, fastCheck.integer({ min: 1, max: 40 }), ({ zone, start }, cron, limit) => {
        const schedule = scheduleOf({ start, zone, repeat: { kind: 'cron', expression: expressionOf(cron) } });
        assert.deepEqual(times(slotsUntil(schedule, start + monthMs, limit)), timesByModel(cron, zone, start, start + monthMs));
      }),
      { numRuns: 300 },
    );
  });

  it('are those of the model at the ends of months and on leap days, for nine years', () => {
    const model = fastCheck.record<CronModel>({
      minutes: subset(0, 59, 1),
      hours: subset(0, 23, 1),
      months: fastCheck.oneof(fastCheck.constant([2]), subset(1, 12, 3)),
      dates: fastCheck.constantFrom([29], [30, 31], [28], [1]),
      lastDay: fastCheck.boolean(),
      weekdays: maybe(subset(0, 6, 1)),
    });
    fastCheck.assert(
      fastCheck.property(anyStart, model, ({ zone, start }, cron) => {
        const until = start + 9 * 366 * 86_400_000;
        const schedule = scheduleOf({ start, zone, repeat: { kind: 'cron', expression: expressionOf(cron) } });
        assert.deepEqual(times(slotsUntil(schedule, until, 50)), timesByModel(cron, zone, start, until));
      }),
      { numRuns: 25 },
    );
  });

  const first = (zone: string, expression: string, start: string, limit: number) =>
    nextSlots(scheduleOf({ zone, start: Date.parse(start), repeat: { kind: 'cron', expression } }), {
      after: undefined,
      limit,
      untilMs: forever,
      seed: '',
    }).map(({ at }) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' }).slice(5));

  it('come right after a gap, once', () => {
    assert.deepEqual(first('Europe/Berlin', '*/20 2 * * *', '2027-03-27T12:00Z', 2), ['03-28T03:00:00+02:00', '03-29T02:00:00+02:00']);
    assert.deepEqual(first('Europe/Berlin', '*/30 * * * *', '2027-03-28T00:30Z', 3), [
      '03-28T01:30:00+01:00',
      '03-28T03:00:00+02:00',
      '03-28T03:30:00+02:00',
    ]);
    assert.deepEqual(first('Australia/Lord_Howe', '15 2 * * *', '2027-10-02T00:00Z', 1), ['10-03T02:30:00+11:00']);
  });

  it('come the first time where the clock comes twice', () => {
    assert.deepEqual(first('Europe/Berlin', '30 2 * * *', '2027-10-30T12:00Z', 2), ['10-31T02:30:00+02:00', '11-01T02:30:00+01:00']);
    assert.deepEqual(first('Europe/Berlin', '*/30 * * * *', '2027-10-31T00:30Z', 2), ['10-31T02:30:00+02:00', '10-31T03:00:00+01:00']);
    // An order that starts at the second 02:10 begins the next day.
    assert.deepEqual(first('Europe/Berlin', '30 2 * * *', '2027-10-31T01:10Z', 1), ['11-01T02:30:00+01:00']);
  });

  it('know that Samoa had no 30 December 2011, and that 2100 has no leap day', () => {
    assert.deepEqual(first('Pacific/Apia', '0 12 * * *', '2011-12-30T00:00Z', 2), ['12-31T00:00:00+14:00', '12-31T12:00:00+14:00']);
    const [leapDay] = times(
      nextSlots(scheduleOf({ start: Date.UTC(2097, 0, 1), repeat: { kind: 'cron', expression: '0 0 29 2 *' } }), {
        after: undefined,
        limit: 1,
        untilMs: forever,
        seed: '',
      }),
    );
    assert.equal(leapDay, Date.UTC(2104, 1, 29));
  });

  it('know the last and the second weekday of a month', () => {
    assert.deepEqual(first('UTC', '0 8 * * 5L', '2027-01-02T00:00Z', 2), ['01-29T08:00:00+00:00', '02-26T08:00:00+00:00']);
    assert.deepEqual(first('UTC', '0 8 * * tue#2', '2027-01-02T00:00Z', 2), ['01-12T08:00:00+00:00', '02-09T08:00:00+00:00']);
  });
});

describe('slots at an interval', () => {
  const anyActive = fastCheck
    .record({
      days: subset(1, 7, 5),
      fromMinute: fastCheck.integer({ min: 0, max: 1_439 }),
      toMinute: fastCheck.integer({ min: 0, max: 1_440 }),
    })
    .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);

  it('are those multiples of the interval that Temporal finds in the active hours', () => {
    const isActive = (zone: string, at: number, { days, fromMinute, toMinute }: NonNullable<Schedule['activeHours']>) => {
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
      const minute = local.hour * 60 + local.minute;
      const today = days.includes(local.dayOfWeek);
      if (fromMinute < toMinute) return today && minute >= fromMinute && minute < toMinute;
      return (today && minute >= fromMinute) || (days.includes(((local.dayOfWeek + 5) % 7) + 1) && minute < toMinute);
    };
    fastCheck.assert(
      fastCheck.property(anyStart, anyActive, fastCheck.integer({ min: 600, max: 20_000 }), ({ zone, start }, activeHours, seconds) => {
        const expected: number[] = [];
        for (let at = start; at <= start + monthMs; at += seconds * 1_000) if (isActive(zone, at, activeHours)) expected.push(at);
        const schedule = scheduleOf({ start, zone, repeat: { kind: 'interval', seconds }, activeHours });
        assert.deepEqual(times(slotsUntil(schedule, start + monthMs, 100)), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('have numbers from 1 without a hole, and end with the repetitions', () => {
    const activeHours = { days: [1], fromMinute: 540, toMinute: 600 };
    const schedule = scheduleOf({ start: firstMoment, repeat: { kind: 'interval', seconds: 1_800 }, repetitions: 5, activeHours });
    const slots = slotsUntil(schedule, forever, 2);
    assert.deepEqual(
      slots.map(({ slot }) => slot),
      [1, 2, 3, 4, 5],
    );
    assert.equal(new Date(slots[4]?.at ?? 0).toISOString(), '2023-01-16T09:00:00.000Z');
  });
});

describe('jitter', () => {
  const repeats = fastCheck.constantFrom<Schedule['repeat']>(
    { kind: 'interval', seconds: 60 },
    { kind: 'cron', expression: '* * * * *' },
    { kind: 'cron', expression: '*/7 1-4 * * *' },
  );

  it('is the same on every instance, and keeps the order of the slots', () => {
    fastCheck.assert(
      fastCheck.property(
        anyStart,
        repeats,
        fastCheck.integer({ min: 1, max: 59_999 }),
        fastCheck.string(),
        (from, repeat, jitterMs, seed) => {
          const schedule = scheduleOf({ start: from.start, zone: from.zone, repeat, jitterMs, repetitions: 200 });
          const slots = slotsUntil(schedule, forever, 200, seed);
          assert.deepEqual(slotsUntil(schedule, forever, 3, seed), slots);
          for (const [index, { at, dueAt }] of slots.entries()) {
            assert.ok(dueAt >= at && dueAt <= at + jitterMs, `${dueAt - at} ms`);
            assert.ok(dueAt < (slots[index + 1]?.at ?? forever));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is spread over its whole range, and differs between orders and generations', () => {
    const schedule = scheduleOf({ repeat: { kind: 'interval', seconds: 600 }, jitterMs: 99_999, repetitions: 10_000 });
    const jitter = (seed: string) => slotsUntil(schedule, forever, 10_000, seed).map(({ at, dueAt }) => dueAt - at);
    const tenths = new Array<number>(10).fill(0);
    for (const ms of jitter('order/1')) tenths[Math.floor(ms / 10_000)] = (tenths[Math.floor(ms / 10_000)] ?? 0) + 1;
    for (const count of tenths) assert.ok(count > 850 && count < 1_150, tenths.join());
    assert.notDeepEqual(jitter('order/1').slice(0, 10), jitter('order/2').slice(0, 10));
  });

  it('is cut off before the next slot', () => {
    const schedule = scheduleOf({ repeat: { kind: 'cron', expression: '* * * * *' }, jitterMs: 86_400_000, repetitions: 1_000 });
    for (const { at, dueAt } of slotsUntil(schedule, forever, 1_000)) assert.ok(dueAt < at + 60_000);
  });
});

describe('the work for one slot', () => {
  it('is bounded where the active hours are never reached', () => {
    const activeHours = { days: [1], fromMinute: 0, toMinute: 60 };
    const repeats: Schedule['repeat'][] = [
      { kind: 'cron', expression: '0 5 * * *' },
      { kind: 'interval', seconds: 86_400 },
    ];
    for (const repeat of repeats)
      assert.deepEqual(slotsUntil(scheduleOf({ repeat, start: firstMoment + 5 * 3_600_000, activeHours }), forever, 1), []);
  });

  it('is small: 20,000 slots by cron, one at a time, take less than a second of processor time', () => {
    const schedule = scheduleOf({
      zone: 'Europe/Berlin',
      start: firstMoment,
      repeat: { kind: 'cron', expression: '*/5 8-18 * * mon-fri' },
    });
    const before = process.cpuUsage();
    let after: Slot | undefined;
    for (let count = 0; count < 20_000; count++) [after] = nextSlots(schedule, { after, limit: 1, untilMs: forever, seed: '' });
    const { user, system } = process.cpuUsage(before);
    assert.equal(after?.slot, 20_000);
    assert.ok(user + system < 1_000_000, `${user + system} µs`);
  });
});
