/** What people change about their own account. Whatever could lock its owner out asks for the password again, and ends other sessions. */
import type { Account, Identity } from '#core/account.ts';
import type { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import type { EventKind } from '../../domain/events.ts';
import { checkNewPassword } from '../../domain/passwords.ts';
import type { Whereabouts } from '../../domain/sessions.ts';
import { otpauthUrl } from '../../domain/totp.ts';
import { peopleRefusals } from '../../refusals.ts';
import { afterCommit, type PeopleContext } from '../context.ts';
import { sessionAttempts } from '../entrance/attempts.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  hasSecondFactor,
  recoveryCodesLeft,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '../entrance/second-factor.ts';
import { endSessions, type OpenedSession, openSession } from '../sessions/sessions.ts';
import { findAccount, setName } from './accounts.ts';
import { recordEvent } from './events.ts';
import { replacePassword } from './replace-password.ts';

export interface Asking {
  readonly identity: Identity;
  readonly from: Whereabouts;
}

/** With the present password, typed again. */
export interface AskingAgain extends Asking {
  readonly password: string;
}

export interface OwnAccount {
  readonly account: Account | null;
  readonly secondFactor: boolean;
  readonly secondFactorWanted: 'no' | 'asked' | 'needed';
  readonly recoveryCodesLeft: number;
}

export async function ownAccount(context: PeopleContext, identity: Identity | undefined): Promise<OwnAccount> {
  if (identity === undefined) return { account: null, secondFactor: false, secondFactorWanted: 'no', recoveryCodesLeft: 0 };
  const { account } = identity;
  return context.ports.state.read(async (queries) => ({
    account,
    secondFactor: await hasSecondFactor(queries, account.id),
    secondFactorWanted: await secondFactorWanted(context, queries, account),
    recoveryCodesLeft: await recoveryCodesLeft(queries, account.id),
  }));
}

/** Whether the house asks this account for a second factor, or lets it do less until it has one. */
export async function secondFactorWanted(
  { sessionRules }: PeopleContext,
  queries: Queries,
  { id, role }: Account,
): Promise<OwnAccount['secondFactorWanted']> {
  if (role !== 'admin' || (await hasSecondFactor(queries, id))) return 'no';
  return sessionRules.adminsNeedSecondFactor ? 'needed' : 'asked';
}

export async function changeName({ ports }: PeopleContext, account: Account, name: string): Promise<Account> {
  await ports.state.write((queries) => setName(queries, account.id, name));
  return { ...account, name };
}

/** Resolves to the session that goes on. */
export async function changePassword(
  context: PeopleContext,
  asking: AskingAgain,
  { newPassword, keepAccessTokens }: { readonly newPassword: string; readonly keepAccessTokens: readonly string[] },
): Promise<OpenedSession> {
  const { account } = asking.identity;
  await checkNewPassword(context.passwords, newPassword, account, 'newPassword');
  await checkPassword(context, asking);
  const passwordHash = await context.passwords.hash(newPassword);
  return context.ports.state.write(async (queries) => {
    await replacePassword(queries, account, passwordHash, keepAccessTokens);
    return renewSession(context, queries, asking, 'password-changed');
  });
}

/** Resolves to the link for the authenticator. */
export async function offerSecondFactor(context: PeopleContext, asking: AskingAgain): Promise<string> {
  await checkPassword(context, asking);
  const { id, email } = asking.identity.account;
  const secret = await context.ports.state.write((queries) => beginSecondFactor(context, queries, id));
  if (secret === undefined) throw refuse(peopleRefusals, 'second-factor-is-on');
  return otpauthUrl({ secret, email });
}

export interface SecondFactorOn {
  /** The session that goes on. */
  readonly session: OpenedSession;
  /** For the day when the authenticator is lost; shown this once. */
  readonly recoveryCodes: readonly string[];
}

/** The first code shows that the authenticator has the secret. */
export async function switchSecondFactorOn(context: PeopleContext, asking: Asking, code: string): Promise<SecondFactorOn> {
  const { state, clock, random } = context.ports;
  const { id } = asking.identity.account;
  const attempts = sessionAttempts(asking.identity.id);
  const switching = state.write(async (queries): Promise<SecondFactorOn | KontorError> => {
    const refused = await attempts.take(queries, clock.now());
    if (refused !== undefined) return refused;
    if (!(await confirmSecondFactor(context, queries, id, code))) return refuse(peopleRefusals, 'wrong-code');
    await attempts.succeed(queries);
    const recoveryCodes = await replaceRecoveryCodes(queries, random, id);
    return { session: await renewSession(context, queries, asking, 'second-factor-on'), recoveryCodes };
  });
  return afterCommit(switching);
}

/** Resolves to the session that goes on. */
export async function switchSecondFactorOff(context: PeopleContext, asking: AskingAgain): Promise<OpenedSession> {
  await checkPassword(context, asking);
  return context.ports.state.write(async (queries) => {
    await removeSecondFactor(queries, asking.identity.account.id);
    return renewSession(context, queries, asking, 'second-factor-off');
  });
}

export async function makeRecoveryCodes(context: PeopleContext, asking: AskingAgain): Promise<readonly string[]> {
  await checkPassword(context, asking);
  const { state, random } = context.ports;
  const personId = asking.identity.account.id;
  return state.write(async (queries) => {
    if (!(await hasSecondFactor(queries, personId))) throw refuse(peopleRefusals, 'second-factor-is-off');
    const recoveryCodes = await replaceRecoveryCodes(queries, random, personId);
    await recordEvent(queries, context.ports, { personId, kind: 'recovery-codes-made', address: asking.from.address });
    return recoveryCodes;
  });
}

/** Guesses of a session are limited like those at login, and apart from them: failed logins of strangers do not delay its owner. */
export async function checkPassword(context: PeopleContext, { identity, password }: AskingAgain): Promise<void> {
  const { state, clock } = context.ports;
  const attempts = sessionAttempts(identity.id);
  await afterCommit(state.write((queries) => attempts.take(queries, clock.now())));
  const stored = await state.read((queries) => findAccount(queries, identity.account.id));
  if (!(await context.passwords.verify(stored?.passwordHash, password, 'known')))
    throw refuse(peopleRefusals, 'wrong-password', {}, 'password');
  await state.write((queries) => attempts.succeed(queries));
}

/** Ends all sessions of the account, and opens a new one for who asks. */
export async function renewSession(context: PeopleContext, queries: Queries, asking: Asking, kind: EventKind): Promise<OpenedSession> {
  const { identity, from } = asking;
  const { clock, random } = context.ports;
  const personId = identity.account.id;
  await endSessions(queries, personId);
  await recordEvent(queries, context.ports, { personId, kind, address: from.address });
  const rules = context.sessionRules[identity.account.role];
  return openSession(queries, random, { personId, now: clock.now(), rules, from });
}
