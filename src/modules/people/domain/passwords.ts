/** Passwords: which are good enough, and what keeps them. */
import { refuse } from '#core/refuse.ts';
import { peopleRefusals } from '../refusals.ts';
import { maxPasswordLength, minPasswordLength } from './limits.ts';

/** Hashes passwords, and compares them with their hashes. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * Without a stored hash it works as long as with one, and says no: the time must not tell who has an account. Askers
   * known by a session or a device go before strangers.
   */
  verify(stored: string | undefined, password: string, asker?: 'known' | 'stranger'): Promise<boolean>;
  /** Whether it is among the commonest passwords, in lower case. */
  isCommon(text: string): Promise<boolean>;
}

const minDifferent = 5;
/** What people put before and after a common password to make it look like another. */
const decoration = /^[^a-z]{0,4}|[^a-z]{0,4}$/g;
const minBare = 4;
const digitsUp = '01234567890123456789';
const digitsDown = '98765432109876543210';

/** Refuses a new password that is too weak; `field` is the one that it came in. */
export async function checkNewPassword(
  passwords: Pick<Passwords, 'isCommon'>,
  password: string,
  { email, name }: { email: string; name: string },
  field = 'password',
): Promise<void> {
  const text = plainPassword(password).toLowerCase();
  if (text.length < minPasswordLength) throw refuse(peopleRefusals, 'password-short', { least: minPasswordLength }, field);
  if (text.length > maxPasswordLength) throw refuse(peopleRefusals, 'password-long', { most: maxPasswordLength }, field);
  if (text === email || text === name.toLowerCase()) throw refuse(peopleRefusals, 'password-own-name', {}, field);
  if (new Set(text).size < minDifferent) throw refuse(peopleRefusals, 'password-few-letters', { least: minDifferent }, field);
  const inOrder = digitsUp.includes(text) || digitsDown.includes(text);
  const common = inOrder || (await someCommon(passwords, commonForms(text)));
  if (common) throw refuse(peopleRefusals, 'password-common', {}, field);
}

async function someCommon(passwords: Pick<Passwords, 'isCommon'>, forms: readonly string[]): Promise<boolean> {
  for (const form of forms) if (await passwords.isCommon(form)) return true;
  return false;
}

/** As it is, and without what may be around a common one: `sunshine123!` is as easily guessed as `sunshine`. */
function commonForms(text: string): readonly string[] {
  const bare = text.replaceAll(decoration, '');
  return bare.length >= minBare ? [text, bare] : [text];
}

/** Keyboards may send the same letter as different characters. */
export function plainPassword(password: string): string {
  return password.normalize('NFKC');
}
