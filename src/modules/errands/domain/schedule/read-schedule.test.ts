/** Which schedules are taken, what is said about the others, and how they are described. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { isFault, readCron } from './cron-expression.ts';
import { describeSchedule } from './describe-schedule.ts';
import { readSchedule, type ScheduleWish, scheduleLimits, wishOf } from './read-schedule.ts';
import type { Schedule } from './schedule.ts';
import { schedulePresets } from './schedule-presets.ts';
import { scheduleRefusals } from './schedule-refusals.ts';

const nowMs = Date.parse('2026-12-01T12:00Z');
const plain: ScheduleWish = {
  start: '2026-12-24T18:00',
  zone: 'Europe/Berlin',
  repeat: { kind: 'interval', seconds: 3_600 },
  repetitions: 10,
  jitterSeconds: 0,
  activeHours: null,
  catchUp: 'one',
  lateSeconds: 120,
  overlap: 'allow',
};

function taken(changes: Partial<ScheduleWish>): Schedule {
  const read = readSchedule({ ...plain, ...changes }, nowMs);
  assert.ok('schedule' in read, JSON.stringify(read));
  return read.schedule;
}

/** Field, name and English words of each refusal. */
function refused(changes: Partial<ScheduleWish>): string[] {
  const read = readSchedule({ ...plain, ...changes }, nowMs);
  assert.ok('refusals' in read, 'is taken');
  const formats = { whole: String, date: String };
  return read.refusals.map(({ field, name, values }) => {
    const words = scheduleRefusals[name].en as (values: object, known: object) => string;
    const german = scheduleRefusals[name].de as typeof words;
    assert.doesNotMatch(german(values, formats), /undefined|NaN/);
    return `${field}: ${words(values, formats)}`;
  });
}

const cron = (expression: string): Partial<ScheduleWish> => ({ repeat: { kind: 'cron', expression } });

describe('a schedule', () => {
  it('is taken as local times in its zone', () => {
    assert.equal(taken({}).start, Date.parse('2026-12-24T17:00Z'));
    // In the gap, and where the clock comes twice.
    assert.equal(taken({ start: '2027-03-28T02:30' }).start, Date.parse('2027-03-28T01:00Z'));
    assert.equal(taken({ start: '2027-10-31T02:30' }).start, Date.parse('2027-10-31T00:30Z'));
    assert.equal(taken({ zone: 'europe/berlin' }).zone, 'Europe/Berlin');
    assert.equal(taken({ repeat: { kind: 'once' }, repetitions: null }).repetitions, 1);
  });

  it('is read back as the wish that it was', () => {
    const activeHours = { days: [1, 5], from: '22:00', to: '24:00' };
    const wish: ScheduleWish = {
      ...plain,
      start: '2026-12-24T18:00:30',
      activeHours,
      jitterSeconds: 60,
      repetitions: null,
      overlap: 'skip',
    };
    assert.deepEqual(wishOf(taken(wish)), wish);
    assert.deepEqual(wishOf(taken({})), plain);
  });

  it('is refused field by field', () => {
    assert.deepEqual(refused({ start: '2026-13-01T00:00' }), [
      'start: “2026-13-01T00:00” is not a date and time. Write it like 2027-03-28T09:00.',
    ]);
    assert.deepEqual(refused({ start: '2026-12-01T12:54' }), ['start: The start is over: choose a later one.']);
    assert.equal(taken({ start: '2026-12-01T12:56' }).start, nowMs - 4 * 60_000);
    assert.deepEqual(refused({ start: '2032-01-01T00:00' }), ['start: The start is too far ahead: choose one within 1830 days.']);
    assert.deepEqual(
      refused({ zone: 'Europe/Berlim', repeat: { kind: 'interval', seconds: 9 }, repetitions: 0, jitterSeconds: -1, lateSeconds: 0.5 }).map(
        (said) => said.slice(0, said.indexOf(':')),
      ),
      ['zone', 'repeat.seconds', 'repetitions', 'jitterSeconds', 'lateSeconds'],
    );
    assert.deepEqual(refused({ zone: '+01:00' }), ['zone: There is no time zone “+01:00”. Write it like Europe/Berlin.']);
    assert.deepEqual(refused({ jitterSeconds: 3_600 }), [
      'jitterSeconds: The jitter is a whole number of seconds from 0 to 3599, and shorter than the interval.',
    ]);
  });

  it('is taken up to the limits', () => {
    const { leastIntervalSeconds, mostIntervalSeconds, mostRepetitions } = scheduleLimits;
    for (const [seconds, isTaken] of [
      [leastIntervalSeconds - 1, false],
      [leastIntervalSeconds, true],
      [mostIntervalSeconds, true],
      [mostIntervalSeconds + 1, false],
    ] as const)
      assert.equal('schedule' in readSchedule({ ...plain, repeat: { kind: 'interval', seconds } }, nowMs), isTaken, `${seconds}`);
    assert.equal(taken({ repetitions: mostRepetitions }).repetitions, 1_000_000);
    assert.match(refused({ repetitions: mostRepetitions + 1 }).join(), /^repetitions: The number of repetitions is 1 to 1000000/);
  });

  it('is refused with active hours that never come', () => {
    const active = (days: number[], from: string, to: string) => ({ activeHours: { days, from, to } });
    assert.match(refused(active([], '09:00', '25:00')).join(), /activeHours.days: .*activeHours.to: “25:00”/);
    assert.match(refused(active([1], '09:00', '09:00')).join(), /activeHours.to: The active hours end when they begin/);
    assert.match(refused({ ...cron('0 8 * * *'), ...active([1], '09:00', '10:00') }).join(), /activeHours: No due time lies/);
    assert.deepEqual(taken(active([7, 1, 1], '00:00', '24:00')).activeHours, { days: [1, 7], fromMinute: 0, toMinute: 1_440 });
  });
});

describe('a cron expression', () => {
  it('is refused with the position and what to write', () => {
    const said = (expression: string) => refused(cron(expression)).join().replace('repeat.expression: ', '');
    assert.match(said('0 9 * *'), /^Character 8: there are 4 fields. Write five/);
    assert.match(said(' 0 0 9 * * *'), /^Character 12: there are 6 fields/);
    assert.match(said(''), /^Character 1: there are 0 fields/);
    assert.match(said('@reboot'), /^Character 1: there is no @reboot. Choose one of @yearly/);
    assert.equal(said('0 9-25 * * *'), 'Character 3: “9-25” is out of range. For the hour, write 0 to 23.');
    assert.equal(said('0 1,22-2 * * *'), 'Character 5: “22-2” ends before it begins. Write 22-23,0-2 instead.');
    assert.match(said('*/90 * * * *'), /^Character 1: the step in “\*\/90” is 1 to 59/);
    assert.match(said('0 9 * * mon,friday'), /^Character 13: “friday” does not name a weekday. Write it like/);
    assert.match(said('0 9 ? * *'), /^Character 5: “\?” does not name a day of the month/);
    assert.match(said('0 9 * * 5#6'), /^Character 9/);
    assert.match(said('0 0 30 2 *'), /^No calendar has a day/);
    assert.match(said('0 0 31 4,6,9,11 *'), /^No calendar has a day/);
    assert.match(said(`${'0,'.repeat(100)}0 * * * *`), /longer than 200 characters/);
  });

  it('means the same in other words', () => {
    const same = (...expressions: string[]) => {
      const [first, ...others] = expressions.map((expression) => readCron(expression));
      assert.ok(first !== undefined && !isFault(first));
      for (const other of others) assert.deepEqual(other, first);
    };
    same('@hourly', '0 * * * *', '0 0-23 * * *', ' 0  */1 *\t* * ');
    same('0 0 * * 0', '@weekly', '0 0 * * 7', '0 0 * * SUN');
    same('0 0 * * 5-7', '0 0 * * fri-sun', '0 0 * * 0,5,6');
    same('5/20 * * jan-mar *', '5,25,45 * * 1,2,3 *');
    same('0 0 * * friL', '0 0 * * 5l');
  });

  it('is taken or refused, whatever the text', () => {
    const piece = fastCheck.constantFrom('*', '0', '7', '31', '99', '-', '/', ',', '#', 'L', 'mon', 'jan', '@', ' ', ' ', '?', 'ä');
    fastCheck.assert(
      fastCheck.property(fastCheck.array(piece, { maxLength: 16 }), (pieces) => {
        const expression = pieces.join('');
        const read = readSchedule({ ...plain, ...cron(expression) }, nowMs);
        if ('schedule' in read) return;
        const values: { readonly position?: number } = read.refusals[0]?.values ?? {};
        assert.ok((values.position ?? 1) >= 1 && (values.position ?? 1) <= expression.length + 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('in plain words, a schedule', () => {
  const both = (changes: Partial<ScheduleWish>) => {
    const schedule = taken({ repetitions: null, ...changes });
    return [describeSchedule(schedule, 'en'), describeSchedule(schedule, 'de')];
  };

  it('is said in English and German', () => {
    assert.deepEqual(both(cron('0 9 * * mon-fri')), ['workdays at 09:00, Berlin', 'montags bis freitags um 09:00 Uhr, Berlin']);
    assert.deepEqual(both({ ...cron('@hourly'), zone: 'America/New_York' }), ['every hour, New York', 'jede Stunde, New York']);
    assert.deepEqual(both(cron('0 9,17 * * 1,4')), [
      'Mondays and Thursdays at 09:00 and 17:00, Berlin',
      'montags und donnerstags um 09:00 und 17:00 Uhr, Berlin',
    ]);
    assert.deepEqual(both(cron('0 8 1,L 1,7 *')), [
      'on the 1st and last day of the month in January and July at 08:00, Berlin',
      'am 1. und letzten des Monats im Januar und Juli um 08:00 Uhr, Berlin',
    ]);
    assert.deepEqual(both(cron('0 8 * * 5L')), [
      'every last Friday of the month at 08:00, Berlin',
      'jeden letzten Freitag des Monats um 08:00 Uhr, Berlin',
    ]);
    assert.deepEqual(both({ repeat: { kind: 'once' } }), [
      'once, on 24 December 2026 at 18:00, Berlin',
      'einmal, am 24. Dezember 2026 um 18:00 Uhr, Berlin',
    ]);
    assert.deepEqual(
      both({ repetitions: 2_000, activeHours: { days: [6, 7], from: '08:00', to: '20:00' }, repeat: { kind: 'interval', seconds: 900 } }),
      [
        'every 15 minutes, from 24 December 2026, 18:00, Berlin, only weekends 08:00–20:00, 2,000 times',
        'alle 15 Minuten, ab dem 24. Dezember 2026, 18:00 Uhr, Berlin, nur am Wochenende 08:00–20:00 Uhr, 2.000-mal',
      ],
    );
  });

  it('is said by its expression where words would be many or wrong', () => {
    for (const expression of ['*/20 9-17 * * *', '0 0 */16 * mon', '0 0 */2 * *', '1,2,3,4,5 * * * *'])
      assert.equal(both(cron(expression))[0], `by cron ${expression}, Berlin`);
    assert.equal(both(cron('0 0 1-31 * mon'))[0], 'every day at 00:00, Berlin');
    assert.equal(both(cron('0 0 1 * 0-6'))[0], 'every day at 00:00, Berlin');
  });

  it('has presets that are taken', () => {
    assert.deepEqual(
      schedulePresets.map(({ repeat }) => both({ repeat })[0]),
      [
        'every hour, from 24 December 2026, 18:00, Berlin',
        'workdays at 09:00, Berlin',
        'every 15 minutes, from 24 December 2026, 18:00, Berlin',
      ],
    );
  });
});
