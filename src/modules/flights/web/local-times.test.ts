/** Dates and times at an airport. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, addMonths, clockOf, dateOf, dayTextsFor, durationText, isDate, weekdayOf, weeksOf } from './local-times.ts';

test('a local time is shown as the airport writes it', () => {
  assert.equal(clockOf('2026-12-01T06:40'), '06:40');
  assert.equal(dateOf('2026-12-01T06:40'), '2026-12-01');
});

test('days and months are counted over the ends of months, years and summer time', () => {
  assert.equal(addDays('2026-12-31', 1), '2027-01-01');
  assert.equal(addDays('2028-02-28', 1), '2028-02-29');
  assert.equal(addDays('2026-03-29', 1), '2026-03-30');
  assert.equal(addMonths('2026-12', 1), '2027-01');
  assert.equal(addMonths('2026-01', -1), '2025-12');
});

test('only days of the calendar are dates', () => {
  for (const text of ['2026-12-01', '2028-02-29']) assert.ok(isDate(text), text);
  for (const text of ['', '2026-02-29', '2026-13-01', '2026-1-1', '2026-12-01T00:00', 'tomorrow']) assert.ok(!isDate(text), text);
});

test('weeks begin on Monday and hold each day of the month once', () => {
  const weeks = weeksOf('2026-12');
  assert.deepEqual(weeks[0], [undefined, '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05', '2026-12-06']);
  assert.equal(weeks.flat().filter((date) => date !== undefined).length, 31);
  assert.equal(weeksOf('2027-02').length, 4);
  assert.equal(weekdayOf('2026-12-06'), 7);
});

test('durations and days read well in both languages', () => {
  assert.deepEqual([45, 60, 155].map(durationText), ['45 min', '1 h', '2 h 35 min']);
  assert.equal(dayTextsFor('en').short('2026-12-01'), 'Tue 1 Dec');
  assert.equal(dayTextsFor('de').short('2026-12-01'), 'Di. 1. Dez.');
  assert.equal(dayTextsFor('de').long('2026-12-01'), 'Dienstag, 1. Dezember 2026');
  assert.equal(dayTextsFor('en').weekday(1), 'Mon');
  assert.equal(dayTextsFor('de').weekday(7), 'So');
});
