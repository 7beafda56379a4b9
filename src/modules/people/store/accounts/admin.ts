/** What admins do to accounts, from the page or the command line; and the first admin of an empty house. */

import type { Account, AccountRole } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Passwords } from '../../domain/passwords.ts';
import { base32, secretBytes } from '../../domain/secrets.ts';
import { endAccessTokens } from '../sessions/access-tokens.ts';
import { endSessions } from '../sessions/sessions.ts';
import { addAccount, findAccount, findAccountByEmail, hasAccounts, setLocked, setPassword, setRole } from './accounts.ts';
import { recordEvent } from './events.ts';

type AdminPorts = Pick<Ports, 'state' | 'clock' | 'random'>;

/** Who does it, for the audit trail. */
export interface Doer {
  readonly name: string;
  readonly address: string;
}

export interface AdminPassword {
  readonly email: string;
  /** To be shown to the person at the terminal, once, and written down nowhere. */
  readonly password: string;
}

const generatedPasswordBytes = 15;
const atTheHouse: Doer = { name: 'the command line', address: 'kontor' };

/** Undefined when somebody has an account already. */
export async function openFirstAdmin(ports: AdminPorts, passwords: Passwords, email: string): Promise<AdminPassword | undefined> {
  if (await ports.state.read(hasAccounts)) return undefined;
  const password = generatedPassword(ports);
  const passwordHash = await passwords.hash(password);
  const opened = await ports.state.write(async (queries) => {
    if (await hasAccounts(queries)) return false;
    const account = await addAccount(queries, ports.random, { email, name: 'Admin', role: 'admin', passwordHash }, ports.clock.now());
    if (account)
      await recordEvent(queries, ports, { personId: account.id, kind: 'account-opened', address: 'kontor', detail: 'first start' });
    return account !== undefined;
  });
  return opened ? { email, password } : undefined;
}

/** Opens an admin's account; or, for an address that has one, makes it an admin's with a new password: the way in when all others are lost. */
export async function createAdmin(ports: AdminPorts, passwords: Passwords, email: string): Promise<AdminPassword> {
  const password = generatedPassword(ports);
  const passwordHash = await passwords.hash(password);
  await ports.state.write(async (queries) => {
    const present = await findAccountByEmail(queries, email);
    if (present === undefined) {
      const added = await addAccount(queries, ports.random, { email, name: 'Admin', role: 'admin', passwordHash }, ports.clock.now());
      await recordEvent(queries, ports, {
        personId: added?.id ?? null,
        kind: 'account-opened',
        address: 'kontor',
        detail: atTheHouse.name,
      });
      return;
    }
    await setPassword(queries, present.id, passwordHash);
    await setRole(queries, present.id, 'admin');
    await endSessions(queries, present.id);
    await recordEvent(queries, ports, { personId: present.id, kind: 'password-reset', address: 'kontor', detail: atTheHouse.name });
    await recordEvent(queries, ports, {
      personId: present.id,
      kind: 'role-changed',
      address: 'kontor',
      detail: `admin, by ${atTheHouse.name}`,
    });
  });
  return { email, password };
}

/** Undefined when there is no such account. Ends its sessions: what one may do is never more than one logged in for. */
export async function changeRole(ports: AdminPorts, id: string, role: AccountRole, by: Doer): Promise<Account | undefined> {
  return ports.state.write(async (queries) => {
    const account = await findAccount(queries, id);
    if (account === undefined) return undefined;
    await setRole(queries, id, role);
    await endSessions(queries, id);
    await recordEvent(queries, ports, { personId: id, kind: 'role-changed', address: by.address, detail: `${role}, by ${by.name}` });
    return { id, email: account.email, name: account.name, role };
  });
}

/** A locked account cannot log in; its sessions and tokens end. Unlocking brings none of them back. */
export async function lockAccount(ports: AdminPorts, id: string, locked: boolean, by: Doer): Promise<boolean> {
  return ports.state.write(async (queries) => {
    if ((await findAccount(queries, id)) === undefined) return false;
    await setLocked(queries, id, locked ? ports.clock.now() : null);
    if (locked) {
      await endSessions(queries, id);
      await endAccessTokens(queries, id);
    }
    const kind = locked ? 'account-locked' : 'account-unlocked';
    await recordEvent(queries, ports, { personId: id, kind, address: by.address, detail: `by ${by.name}` });
    return true;
  });
}

/** From the command line: by address, which is what one knows there. */
export async function lockAccountByEmail(ports: AdminPorts, email: string, locked: boolean): Promise<boolean> {
  const account = await ports.state.read((queries) => findAccountByEmail(queries, email));
  return account !== undefined && lockAccount(ports, account.id, locked, atTheHouse);
}

/** 120 bits, in groups that can be copied by hand. */
function generatedPassword({ random }: AdminPorts): string {
  return base32(secretBytes(random, generatedPasswordBytes))
    .toLowerCase()
    .replace(/(.{4})(?=.)/g, '$1-');
}
