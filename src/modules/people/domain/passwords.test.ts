/** Which new passwords are too weak. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkNewPassword } from './passwords.ts';

describe('a new password', () => {
  const owner = { email: 'ada@example.org', name: 'Ada Lovelace' };
  for (const [password, says] of [
    ['a fine long one', undefined],
    ['nine char', /at least 10/],
    ['x'.repeat(201), /at most 200/],
    ['ADA@example.org', /your own/],
    ['Ada Lovelace', /your own/],
    ['abababababab', /different/],
    ['Password1234', /guess/],
    ['1234567890', /guess/],
  ] as const) {
    it(`${says ? 'refuses' : 'takes'} ${password.slice(0, 20)}`, () => {
      if (says === undefined) checkNewPassword(password, owner);
      else assert.throws(() => checkNewPassword(password, owner), { name: 'KontorError', code: 'invalid_input', message: says });
    });
  }
});
