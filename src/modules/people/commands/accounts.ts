/** Accounts for the command line. */
import { plainEmail } from '#core/account.ts';
import type { Call } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import type { KeptLetter } from '#core/ports/mail.ts';
import { openPasswords } from '../engines/argon2.ts';
import { listAccounts, type StoredAccount } from '../store/accounts/accounts.ts';
import { type CreatedAdmin, createAdmin, lockAccountByEmail } from '../store/accounts/admin.ts';

/** More than anybody reads at a terminal; the page shows the rest. */
const maxListed = 1_000;

export async function listPeople(call: Call, search: string | undefined): Promise<readonly StoredAccount[]> {
  return call.visit(async ({ state }) => (await state.read((queries) => listAccounts(queries, { search, limit: maxListed }))).items);
}

/** Letters that stayed in the house, newest first; to one address, or to all. */
export async function listLetters(call: Call, email: string | undefined): Promise<readonly KeptLetter[]> {
  const plain = email === undefined ? undefined : plainEmailOf(email);
  return call.visit(async ({ state, mail }) => {
    const letters = await state.read(async (queries) => mail.kept?.(queries, maxListed));
    if (letters === undefined)
      throw new KontorError('not_found', 'this house sends its letters by mail (MAIL_URL): there are none to show');
    return letters.filter(({ to }) => plain === undefined || to === plain);
  });
}

export async function createPeopleAdmin(call: Call, email: string, keepTokens: boolean): Promise<CreatedAdmin> {
  const plain = plainEmailOf(email);
  return call.visit(({ state, clock, random }) => createAdmin({ state, clock, random }, openPasswords(), plain, { keepTokens }));
}

export async function lockPerson(call: Call, email: string, locked: boolean): Promise<void> {
  const plain = plainEmailOf(email);
  const found = await call.visit(({ state, clock, random }) => lockAccountByEmail({ state, clock, random }, plain, locked));
  if (!found) throw new KontorError('not_found', `${plain} has no account; \`kontor people list\` shows all`);
}

function plainEmailOf(text: string): string {
  const email = plainEmail(text);
  if (email !== undefined) return email;
  const message = `"${text}" is not an e-mail address such as ada@example.org`;
  throw new KontorError('invalid_option', message, { details: [{ field: 'EMAIL', message }] });
}
