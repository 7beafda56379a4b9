/** The flags of an order as the terms that the house takes. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { wishOf } from './order-wish.ts';

const from = (flags: Readonly<Record<string, string>>) => wishOf({ flag: (name) => flags[name] });

it('reads intervals, cron expressions, active hours and extractions', () => {
  assert.deepEqual(from({}), { schedule: { repeat: { kind: 'once' } } });
  assert.deepEqual(from({ '--every': '15m', '--times': '96', '--css': '.price', '--only-changes': '', '--copies': '2' }), {
    schedule: { repeat: { kind: 'interval', seconds: 900 }, repetitions: 96 },
    extraction: { kind: 'css', expression: '.price' },
    onlyChanges: true,
    copies: 2,
  });
  assert.deepEqual(
    from({ '--cron': '@daily', '--times': 'forever', '--hours': '09:00-17:30', '--days': '12345', '--late': '1h' }).schedule,
    {
      repeat: { kind: 'cron', expression: '@daily' },
      repetitions: null,
      lateSeconds: 3_600,
      activeHours: { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' },
    },
  );
});

it('says what is wrong with a flag', () => {
  assert.throws(() => from({ '--every': 'soon' }), /--every is a time such as 30s, 15m, 1h or 7d, not "soon"/);
  assert.throws(() => from({ '--every': '1h', '--cron': '@daily' }), /choose one/);
  assert.throws(() => from({ '--css': 'a', '--regex': 'b' }), /--css and --regex are given: choose one/);
  assert.throws(() => from({ '--copies': '4' }), /--copies is a whole number from 1 to 3/);
  assert.throws(() => from({ '--hours': '9-17' }), /--hours is such as 09:00-17:30/);
});
