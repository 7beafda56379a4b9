/** What admins do to accounts, from the page or the command line; and the first admin of an empty house. */
import type { AccountRole } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import type { Passwords } from '../../domain/passwords.ts';
import { base32, secretBytes } from '../../domain/secrets.ts';
import { peopleRefusals } from '../../refusals.ts';
import { endAccessTokens, listAccessTokens } from '../sessions/access-tokens.ts';
import { endSessions } from '../sessions/sessions.ts';
import { addAccount, findAccount, findAccountByEmail, hasAccounts, type StoredAccount, setLocked, setRole } from './accounts.ts';
import { recordEvent } from './events.ts';
import { replacePassword } from './replace-password.ts';

type AdminPorts = Pick<Ports, 'state' | 'clock' | 'random'>;

/** Who does it, for the audit trail. */
export interface Doer {
  readonly name: string;
  readonly address: string;
}

export interface AdminPassword {
  readonly email: string;
  /** Shown once to the person at the terminal, and stored nowhere. */
  readonly password: string;
}

const generatedPasswordBytes = 15;
const commandLine: Doer = { name: 'the command line', address: 'kontor' };

/** Undefined when somebody has an account already. */
export async function openFirstAdmin(ports: AdminPorts, passwords: Passwords, email: string): Promise<AdminPassword | undefined> {
  if (await ports.state.read(hasAccounts)) return undefined;
  const password = generatedPassword(ports);
  const passwordHash = await passwords.hash(password);
  const opened = await ports.state.write(async (queries) => {
    if (await hasAccounts(queries)) return false;
    await addAdmin(queries, ports, { email, passwordHash, detail: 'first start' });
    return true;
  });
  return opened ? { email, password } : undefined;
}

export interface CreatedAdmin extends AdminPassword {
  /** The names of the access tokens that ended, and of those that go on. */
  readonly endedTokens: readonly string[];
  readonly keptTokens: readonly string[];
}

/**
 * Opens an admin's account, or makes an open account an admin's and gives it a new password: for when no other way in is left.
 * Sessions and links of letters end, and access tokens unless they are kept.
 */
export async function createAdmin(
  ports: AdminPorts,
  passwords: Passwords,
  email: string,
  { keepTokens }: { readonly keepTokens: boolean },
): Promise<CreatedAdmin> {
  const password = generatedPassword(ports);
  const passwordHash = await passwords.hash(password);
  return ports.state.write(async (queries) => {
    const { name, address } = commandLine;
    const present = await findAccountByEmail(queries, email);
    if (present === undefined) {
      await addAdmin(queries, ports, { email, passwordHash, detail: name });
      return { email, password, endedTokens: [], keptTokens: [] };
    }
    const personId = present.id;
    const kept = keepTokens ? await listAccessTokens(queries, personId, ports.clock.now()) : [];
    const keptIds = kept.map(({ id }) => id);
    const endedTokens = await replacePassword(queries, present, passwordHash, keptIds);
    await recordEvent(queries, ports, { personId, kind: 'password-reset', address, detail: name });
    await changeRole(queries, ports, personId, 'admin', commandLine);
    return { email, password, endedTokens, keptTokens: kept.map((token) => token.name) };
  });
}

async function addAdmin(
  queries: Queries,
  ports: AdminPorts,
  { email, passwordHash, detail }: { readonly email: string; readonly passwordHash: string; readonly detail: string },
): Promise<void> {
  const account = await addAccount(queries, ports.random, { email, name: 'Admin', role: 'admin', passwordHash }, ports.clock.now());
  const { address } = commandLine;
  await recordEvent(queries, ports, { personId: account?.id ?? null, kind: 'account-opened', address, detail });
}

export interface AccountChange {
  readonly role?: AccountRole | undefined;
  readonly locked?: boolean | undefined;
}

/** Not for the admin's own account, so that the house keeps an admin. */
export async function changeAccount(
  ports: AdminPorts,
  id: string,
  change: AccountChange,
  by: Doer & { id: string },
): Promise<StoredAccount> {
  if (id === by.id) throw refuse(peopleRefusals, 'not-yourself');
  return ports.state.write(async (queries) => {
    const account = await findAccount(queries, id);
    if (account === undefined || account.closed) throw refuse(peopleRefusals, 'no-account');
    const { role = account.role, locked = account.locked } = change;
    if (change.role !== undefined) await changeRole(queries, ports, id, role, by);
    if (change.locked !== undefined) await changeLock(queries, ports, id, locked, by);
    return { ...account, role, locked };
  });
}

/** For the command line. False when the address has no account. */
export async function lockAccountByEmail(ports: AdminPorts, email: string, locked: boolean): Promise<boolean> {
  return ports.state.write(async (queries) => {
    const account = await findAccountByEmail(queries, email);
    if (account === undefined) return false;
    await changeLock(queries, ports, account.id, locked, commandLine);
    return true;
  });
}

/** Ends the sessions: none may do more than the role that it was opened with. */
async function changeRole(queries: Queries, ports: AdminPorts, id: string, role: AccountRole, by: Doer): Promise<void> {
  await setRole(queries, id, role);
  await endSessions(queries, id);
  await recordEvent(queries, ports, { personId: id, kind: 'role-changed', address: by.address, detail: `${role}, by ${by.name}` });
}

/** A locked account cannot log in; its sessions and tokens end. Unlocking brings none of them back. */
async function changeLock(queries: Queries, ports: AdminPorts, id: string, locked: boolean, by: Doer): Promise<void> {
  await setLocked(queries, id, locked ? ports.clock.now() : null);
  if (locked) {
    await endSessions(queries, id);
    await endAccessTokens(queries, id);
  }
  const kind = locked ? 'account-locked' : 'account-unlocked';
  await recordEvent(queries, ports, { personId: id, kind, address: by.address, detail: `by ${by.name}` });
}

/** 120 bits, in groups that can be copied by hand. */
function generatedPassword({ random }: AdminPorts): string {
  return base32(secretBytes(random, generatedPasswordBytes))
    .toLowerCase()
    .replace(/(.{4})(?=.)/g, '$1-');
}
