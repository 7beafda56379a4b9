/** Refusals out of a table: code, name, values, the English words and the advice, and the field at fault. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from './refusals.ts';
import { fieldRefusal, refuse } from './refuse.ts';

const table = {
  'few-left': says<{ left: number }>({
    code: 'conflict',
    en: ({ left }, { whole }) => `Only ${whole(left)} are left.`,
    de: ({ left }, { whole }) => `Nur noch ${whole(left)} sind da.`,
    advice: ({ left }) => `Order ${left}.`,
  }),
  'no-order': says({ code: 'not_found', en: () => 'There is no such order.', de: () => 'Diese Bestellung gibt es nicht.' }),
};

test('an entry becomes an error with its code, its words and what a program should do', () => {
  const { code, message, reason, details } = refuse(table, 'few-left', { left: 3 }, 'quantity');
  assert.deepEqual([code, message], ['conflict', 'Only 3 are left. Order 3.']);
  assert.deepEqual(reason, { name: 'few-left', values: { left: 3 } });
  assert.deepEqual(details, [{ field: 'quantity', message, reason }]);
});

test('an entry without values needs none', () => {
  const { code, message, details } = refuse(table, 'no-order');
  assert.deepEqual([code, message, details], ['not_found', 'There is no such order.', []]);
});

test('one of several faults names its field', () => {
  assert.deepEqual(fieldRefusal(table, 'few-left', 'line 3', { left: 1 }), {
    field: 'line 3',
    message: 'Only 1 are left. Order 1.',
    reason: { name: 'few-left', values: { left: 1 } },
  });
});
