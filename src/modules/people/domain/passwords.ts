/** Passwords: which are good enough, and what keeps them. */
import { refuse } from '#core/refuse.ts';
import { peopleRefusals } from '../refusals.ts';
import { maxPasswordLength, minPasswordLength } from './limits.ts';

/** Hashes passwords, and compares them with their hashes. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a stored hash it works as long as with one, and says no: the time must not tell who has an account. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

const minDifferent = 5;
/** Of those that are long enough, the ones that every list of guesses begins with. */
const commonPasswords = new Set([
  'passwordpassword',
  'qwertyuiop',
  'password123',
  'password1234',
  'iloveyou123',
  'letmein123',
  'changeme123',
]);

/** Refuses a new password that is too weak; `field` is the one that it came in. */
export function checkNewPassword(password: string, { email, name }: { email: string; name: string }, field = 'password'): void {
  const text = plainPassword(password).toLowerCase();
  if (text.length < minPasswordLength) throw refuse(peopleRefusals, 'password-short', { least: minPasswordLength }, field);
  if (text.length > maxPasswordLength) throw refuse(peopleRefusals, 'password-long', { most: maxPasswordLength }, field);
  if (text === email || text === name.toLowerCase()) throw refuse(peopleRefusals, 'password-own-name', {}, field);
  if (new Set(text).size < minDifferent) throw refuse(peopleRefusals, 'password-few-letters', { least: minDifferent }, field);
  if (commonPasswords.has(text) || '01234567890123456789'.includes(text)) throw refuse(peopleRefusals, 'password-common', {}, field);
}

/** Keyboards may send the same letter as different characters. */
export function plainPassword(password: string): string {
  return password.normalize('NFKC');
}
