/** Which new passwords are too weak. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPasswords } from '../engines/argon2.ts';
import { checkNewPassword } from './passwords.ts';

describe('a new password', () => {
  const passwords = openPasswords();
  const owner = { email: 'ada@example.org', name: 'Ada Lovelace' };
  for (const [password, says] of [
    ['a fine long one', undefined],
    ['nine char', /at least 10/],
    ['x'.repeat(201), /at most 200/],
    ['ADA@example.org', /your own/],
    ['Ada Lovelace', /your own/],
    ['abababababab', /different/],
    ['Password12', /guess/],
    ['1234567890', /guess/],
    ['sunshine123!', /guess/],
    ['2024Dragon99', /guess/],
    ['Pa55word for Ada', undefined],
  ] as const) {
    it(`${says ? 'refuses' : 'takes'} ${password.slice(0, 20)}`, async () => {
      if (says === undefined) await checkNewPassword(passwords, password, owner);
      else
        await assert.rejects(checkNewPassword(passwords, password, owner), { name: 'KontorError', code: 'invalid_input', message: says });
    });
  }
});
