/** What goes by mail: opening an account, and a new password for an open one. Asking looks the same for every address. */
import type { Account } from '#core/account.ts';
import type { KeptLetter } from '#core/ports/mail.ts';
import { refuse } from '#core/refuse.ts';
import { letterFor } from '../../domain/letters.ts';
import { checkNewPassword } from '../../domain/passwords.ts';
import type { Whereabouts } from '../../domain/sessions.ts';
import { peopleRefusals } from '../../refusals.ts';
import { addAccount, adminsAmong, findAccountByEmail } from '../accounts/accounts.ts';
import { recordEvent } from '../accounts/events.ts';
import { replacePassword } from '../accounts/replace-password.ts';
import { afterCommit, type PeopleContext } from '../context.ts';
import { type OpenedSession, openSession } from '../sessions/sessions.ts';
import { deviceOf, letterAttempts, loginAttempts } from './attempts.ts';
import { addMailToken, findMailToken, floodWaitMs, spendMailToken } from './mail-tokens.ts';

export interface LetterAsked {
  readonly asked: 'sign-up' | 'reset';
  readonly email: string;
  /** The name of the account, where there is none yet. */
  readonly name: string;
  readonly origin: string | undefined;
  readonly from: Whereabouts;
}

/** Posts a letter to every address; only its reader learns whether there is an account. */
export async function askForLetter(context: PeopleContext, { asked, email, name, origin, from }: LetterAsked): Promise<void> {
  const { ports } = context;
  const { state, clock, random, mail } = ports;
  const { address } = from;
  const device = deviceOf(context, email, from);
  const posting = state.write(async (queries) => {
    const now = clock.now();
    const refused = await letterAttempts(email, address, device).take(queries, now);
    if (refused !== undefined) return refused;
    // The answer is the same: a letter with a link that works is in the mailbox.
    if (device === undefined && (await floodWaitMs(queries, email, now)) > 0) return undefined;
    const personId = (await findAccountByEmail(queries, email))?.id;
    const secret = await addMailToken(queries, random, { personId, email, name }, now);
    await mail.post(queries, letterFor({ asked, email, hasAccount: personId !== undefined, origin, secret }));
    await recordEvent(queries, ports, { personId: personId ?? null, kind: 'letter-asked', address, detail: asked });
    return undefined;
  });
  await afterCommit(posting);
}

export interface LetterAnswer {
  /** From the link in the letter. */
  readonly token: string;
  readonly password: string;
  readonly from: Whereabouts;
}

export interface OpenedAccount {
  readonly account: Account;
  readonly session: OpenedSession;
}

/** The reader of the mail chooses the password, not the person who typed the address: so nobody opens an account in another's name. */
export async function openAccount(context: PeopleContext, { token, password, from }: LetterAnswer): Promise<OpenedAccount> {
  const { state, clock, random } = context.ports;
  const proven = await state.read((queries) => findMailToken(queries, token, clock.now()));
  if (proven === undefined || proven.personId !== undefined) throw linkExpired();
  const { email, name } = proven;
  await checkNewPassword(context.passwords, password, { email, name });
  const passwordHash = await context.passwords.hash(password);
  return state.write(async (queries) => {
    const now = clock.now();
    if (!(await spendMailToken(queries, token, now))) throw linkExpired();
    const account = await addAccount(queries, random, { email, name, role: 'member', passwordHash }, now);
    if (account === undefined) throw linkExpired();
    await recordEvent(queries, context.ports, { personId: account.id, kind: 'account-opened', address: from.address });
    const session = await openSession(queries, random, { personId: account.id, now, rules: context.sessionRules.member, from });
    return { account, session };
  });
}

/**
 * Ends all sessions and access tokens too: people reset a password when somebody else got in. The second factor stays.
 * Resolves the address of the account.
 */
export async function resetPassword(context: PeopleContext, { token, password, from }: LetterAnswer): Promise<string> {
  const { state, clock } = context.ports;
  const proven = await state.read(async (queries) => {
    const found = await findMailToken(queries, token, clock.now());
    return found && { ...found, name: (await findAccountByEmail(queries, found.email))?.name ?? found.name };
  });
  const personId = proven?.personId;
  if (proven === undefined || personId === undefined) throw linkExpired();
  await checkNewPassword(context.passwords, password, proven);
  const passwordHash = await context.passwords.hash(password);
  await state.write(async (queries) => {
    if (!(await spendMailToken(queries, token, clock.now()))) throw linkExpired();
    await replacePassword(queries, { id: personId, email: proven.email }, passwordHash);
    await loginAttempts(proven.email, from.address, deviceOf(context, proven.email, from)).succeed(queries);
    await recordEvent(queries, context.ports, { personId, kind: 'password-reset', address: from.address });
  });
  return proven.email;
}

function linkExpired() {
  return refuse(peopleRefusals, 'link-expired', {}, 'token');
}

/** For the page of a demonstration. Letters to admins are left out: nobody may become an admin by playing. */
export async function shownLetters({ ports }: PeopleContext, limit: number): Promise<readonly KeptLetter[]> {
  const { mail } = ports;
  return ports.state.read(async (queries) => {
    const letters = (await mail.kept?.(queries, limit)) ?? [];
    const emails = letters.map(({ to }) => to);
    const admins = await adminsAmong(queries, emails);
    return letters.filter(({ to }) => !admins.has(to));
  });
}
