/** What goes by mail: opening an account, and a new password for one that is open. Asking looks the same for every address. */

import type { Account } from '#core/account.ts';
import type { KeptLetter } from '#core/ports/mail.ts';
import { letterFor } from '../../domain/letters.ts';
import { type Fault, wrongInPassword } from '../../domain/passwords.ts';
import { addAccount, adminsAmong, findAccountByEmail, setPassword } from '../accounts/accounts.ts';
import { recordEvent } from '../accounts/events.ts';
import { letterAttempts, loginAttempts, type PeopleContext, type Wait } from '../context.ts';
import { endAccessTokens } from '../sessions/access-tokens.ts';
import { endSessions, type OpenedSession, openSession, type Whereabouts } from '../sessions/sessions.ts';
import { addMailToken, findMailToken, spendMailToken } from './mail-tokens.ts';

export interface LetterAsked {
  readonly asked: 'sign-up' | 'reset';
  readonly email: string;
  /** What the account shall be called, if there is none. */
  readonly name: string;
  readonly origin: string;
  readonly from: Whereabouts;
}

/** Posts a letter, whoever has the address; what it says only its reader learns. */
export async function askForLetter(
  { ports }: PeopleContext,
  { asked, email, name, origin, from }: LetterAsked,
): Promise<{ outcome: 'posted' } | Wait> {
  const { state, clock, random, mail } = ports;
  const { address } = from;
  return state.write(async (queries) => {
    const now = clock.now();
    const waitMs = await letterAttempts(email, address).take(queries, now);
    if (waitMs > 0) return { outcome: 'wait', waitMs };
    const personId = (await findAccountByEmail(queries, email))?.id;
    const secret = await addMailToken(queries, random, { personId, email, name }, now);
    await mail.post(queries, letterFor({ asked, personId, email, name, origin, secret }));
    await recordEvent(queries, ports, { personId: personId ?? null, kind: 'letter-asked', address, detail: asked });
    return { outcome: 'posted' };
  });
}

export interface LetterAnswer {
  /** From the link in the letter. */
  readonly token: string;
  readonly password: string;
  readonly from: Whereabouts;
}

/** The link was used, is too old, or belongs to another purpose. */
interface Worthless {
  readonly outcome: 'worthless';
}

interface WeakPassword {
  readonly outcome: 'weak-password';
  readonly fault: Fault;
}

export type OpenOutcome =
  | { readonly outcome: 'opened'; readonly account: Account; readonly session: OpenedSession }
  | Worthless
  | WeakPassword;

/** The password is chosen by whoever reads the mail, not by whoever typed the address: so nobody opens an account for somebody else. */
export async function openAccount(context: PeopleContext, { token, password, from }: LetterAnswer): Promise<OpenOutcome> {
  const { state, clock, random } = context.ports;
  const proven = await state.read((queries) => findMailToken(queries, token, clock.now()));
  if (proven === undefined || proven.personId !== undefined) return { outcome: 'worthless' };
  const { email, name } = proven;
  const fault = wrongInPassword(password, { email, name });
  if (fault !== undefined) return { outcome: 'weak-password', fault };
  const passwordHash = await context.passwords.hash(password);
  return state.write(async (queries): Promise<OpenOutcome> => {
    const now = clock.now();
    if (!(await spendMailToken(queries, token, now))) return { outcome: 'worthless' };
    const account = await addAccount(queries, random, { email, name, role: 'member', passwordHash }, now);
    if (account === undefined) return { outcome: 'worthless' };
    await recordEvent(queries, context.ports, { personId: account.id, kind: 'account-opened', address: from.address });
    const session = await openSession(queries, random, { personId: account.id, now, rules: context.sessionRules, from });
    return { outcome: 'opened', account, session };
  });
}

export type ResetOutcome = { readonly outcome: 'reset' } | Worthless | WeakPassword;

/** Ends every session and token too: a reset is what one does when somebody else got in. The second factor stays. */
export async function resetPassword(context: PeopleContext, { token, password, from }: LetterAnswer): Promise<ResetOutcome> {
  const { state, clock } = context.ports;
  const proven = await state.read(async (queries) => {
    const found = await findMailToken(queries, token, clock.now());
    return found && { ...found, name: (await findAccountByEmail(queries, found.email))?.name ?? found.name };
  });
  const personId = proven?.personId;
  if (proven === undefined || personId === undefined) return { outcome: 'worthless' };
  const fault = wrongInPassword(password, proven);
  if (fault !== undefined) return { outcome: 'weak-password', fault };
  const passwordHash = await context.passwords.hash(password);
  return state.write(async (queries): Promise<ResetOutcome> => {
    if (!(await spendMailToken(queries, token, clock.now()))) return { outcome: 'worthless' };
    await setPassword(queries, personId, passwordHash);
    await endSessions(queries, personId);
    await endAccessTokens(queries, personId);
    await loginAttempts(proven.email, from.address).succeed(queries);
    await recordEvent(queries, context.ports, { personId, kind: 'password-reset', address: from.address });
    return { outcome: 'reset' };
  });
}

/** For the page of a demonstration. Letters to admins are left out: playing must not make anybody one. */
export async function shownLetters({ ports }: PeopleContext, limit: number): Promise<readonly KeptLetter[]> {
  const { mail } = ports;
  return ports.state.read(async (queries) => {
    const letters = (await mail.kept?.(queries, limit)) ?? [];
    const admins = await adminsAmong(
      queries,
      letters.map(({ to }) => to),
    );
    return letters.filter(({ to }) => !admins.has(to));
  });
}
