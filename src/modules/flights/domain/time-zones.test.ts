/** Local times of airports agree with Temporal in every zone, on every day. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { dateOf, dayMs, dayOf, instantOf, localText, localTime, offsetsOn, weekdayOf } from './time-zones.ts';

const zones = Intl.supportedValuesOf('timeZone');
const anyZone = fastCheck.constantFrom(...zones);
const firstDay = Temporal.PlainDate.from('2009-01-01').toZonedDateTime('UTC').epochMilliseconds / dayMs;
const anyDay = fastCheck.integer({ min: firstDay, max: firstDay + 11_000 });
const anyMinute = fastCheck.integer({ min: 0, max: 1_439 });

function byTemporal(timeZone: string, day: number, minute: number): number {
  return Temporal.PlainDate.from(dateOf(day)).toZonedDateTime({
    timeZone,
    plainTime: { hour: Math.floor(minute / 60), minute: minute % 60 },
  }).epochMilliseconds;
}

/** Days on which the clocks of a zone change, or the day before or after. */
const daysOfChange = fastCheck.tuple(anyZone, anyDay, fastCheck.integer({ min: -1, max: 1 })).map(([timeZone, day, beside]) => {
  const change = Temporal.Instant.fromEpochMilliseconds(day * dayMs)
    .toZonedDateTimeISO(timeZone)
    .getTimeZoneTransition('next');
  return { timeZone, day: change === null ? day : Math.floor(change.epochMilliseconds / dayMs) + beside };
});

describe('local times', () => {
  it('are the instants that Temporal has, on any day', () => {
    fastCheck.assert(
      fastCheck.property(anyZone, anyDay, anyMinute, (timeZone, day, minute) => {
        assert.equal(instantOf(timeZone, day, minute), byTemporal(timeZone, day, minute));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are the instants that Temporal has where the clocks change', () => {
    fastCheck.assert(
      fastCheck.property(daysOfChange, anyMinute, ({ timeZone, day }, minute) => {
        assert.equal(instantOf(timeZone, day, minute), byTemporal(timeZone, day, minute));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read from instants as Temporal reads them', () => {
    fastCheck.assert(
      fastCheck.property(daysOfChange, fastCheck.integer({ min: 0, max: 2 * 1_440 - 1 }), ({ timeZone, day }, minute) => {
        const at = day * dayMs + minute * 60_000;
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
        assert.equal(localText(timeZone, at), local.toPlainDateTime().toString().slice(0, 16));
        const time = localTime(timeZone, at);
        assert.deepEqual([dateOf(time.day), time.minute], [local.toPlainDate().toString(), local.hour * 60 + local.minute]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('have one offset on an ordinary day, and two where the clocks change', () => {
    const on = (timeZone: string, date: string) =>
      offsetsOn(timeZone, dayOf(date) ?? 0).map(({ fromMinute, toMinute, offsetMs }) => [fromMinute, toMinute, offsetMs / 3_600_000]);
    assert.deepEqual(on('Europe/Berlin', '2027-03-27'), [[0, 1_440, 1]]);
    // 02:30 is not on the clock: it counts as 03:30.
    assert.deepEqual(on('Europe/Berlin', '2027-03-28'), [
      [0, 180, 1],
      [180, 1_440, 2],
    ]);
    // 02:30 comes twice: the first counts.
    assert.deepEqual(on('Europe/Berlin', '2027-10-31'), [
      [0, 180, 2],
      [180, 1_440, 1],
    ]);
    assert.deepEqual(on('Australia/Lord_Howe', '2027-10-03'), [
      [0, 150, 10.5],
      [150, 1_440, 11],
    ]);
    // Samoa went to the other side of the date line: the 30th is not in its calendar.
    assert.deepEqual(on('Pacific/Apia', '2011-12-30'), [[0, 1_440, -10]]);
    assert.deepEqual(on('Pacific/Apia', '2011-12-31'), [[0, 1_440, 14]]);
  });
});

describe('days', () => {
  it('are counted from 1970, leap days too, and refused where the calendar has none', () => {
    assert.deepEqual([dayOf('1970-01-01'), dayOf('2028-02-29'), dayOf('2028-03-01')], [0, 21_243, 21_244]);
    assert.equal(dateOf(21_243), '2028-02-29');
    for (const date of ['2027-02-29', '2026-13-01', '2026-00-10', '2026-04-31']) assert.equal(dayOf(date), undefined, date);
    fastCheck.assert(fastCheck.property(anyDay, (day) => assert.equal(weekdayOf(day), Temporal.PlainDate.from(dateOf(day)).dayOfWeek)));
  });
});
