/** Minutes of the day and times of day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOfMinute, minuteOfClock } from './minutes.ts';

test('every minute of the day comes back from the field as it went in', () => {
  for (let minute = 0; minute < 1_440; minute += 1) assert.equal(minuteOfClock(clockOfMinute(minute)), minute);
  assert.equal(clockOfMinute(400), '06:40');
});
