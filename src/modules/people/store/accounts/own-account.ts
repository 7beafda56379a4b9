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
import { loginAttempts } from '../entrance/attempts.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  hasSecondFactor,
  recoveryCodesLeft,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '../entrance/second-factor.ts';
import { endSessions, type OpenedSession, openSession } from '../sessions/sessions.ts';
import { findAccount, setName, setPassword } from './accounts.ts';
import { recordEvent } from './events.ts';

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
  readonly recoveryCodesLeft: number;
}

export async function ownAccount({ ports }: PeopleContext, identity: Identity | undefined): Promise<OwnAccount> {
  if (identity === undefined) return { account: null, secondFactor: false, recoveryCodesLeft: 0 };
  const { account } = identity;
  return ports.state.read(async (queries) => ({
    account,
    secondFactor: await hasSecondFactor(queries, account.id),
    recoveryCodesLeft: await recoveryCodesLeft(queries, account.id),
  }));
}

export async function changeName({ ports }: PeopleContext, account: Account, name: string): Promise<Account> {
  await ports.state.write((queries) => setName(queries, account.id, name));
  return { ...account, name };
}

/** Resolves to the session that goes on. */
export async function changePassword(context: PeopleContext, asking: AskingAgain, newPassword: string): Promise<OpenedSession> {
  const { account } = asking.identity;
  checkNewPassword(newPassword, account, 'newPassword');
  await checkPassword(context, asking);
  const passwordHash = await context.passwords.hash(newPassword);
  return context.ports.state.write(async (queries) => {
    await setPassword(queries, account.id, passwordHash);
    return renewSession(context, queries, asking, 'password-changed');
  });
}

/** Resolves to the link for the authenticator. */
export async function offerSecondFactor(context: PeopleContext, asking: AskingAgain): Promise<string> {
  await checkPassword(context, asking);
  const { id, email } = asking.identity.account;
  const { state, random } = context.ports;
  const secret = await state.write((queries) => beginSecondFactor(queries, random, id));
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
  const { id, email } = asking.identity.account;
  const attempts = loginAttempts(email, asking.from.address);
  const switching = state.write(async (queries): Promise<SecondFactorOn | KontorError> => {
    const now = clock.now();
    const refused = await attempts.take(queries, now);
    if (refused !== undefined) return refused;
    if (!(await confirmSecondFactor(queries, id, code, now))) return refuse(peopleRefusals, 'wrong-code');
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

/** Guesses count like those at login: a stolen session gives no more of them. */
async function checkPassword(context: PeopleContext, { identity, password, from }: AskingAgain): Promise<void> {
  const { state, clock } = context.ports;
  const attempts = loginAttempts(identity.account.email, from.address);
  await afterCommit(state.write((queries) => attempts.take(queries, clock.now())));
  const stored = await state.read((queries) => findAccount(queries, identity.account.id));
  if (!(await context.passwords.verify(stored?.passwordHash, password))) throw refuse(peopleRefusals, 'wrong-password', {}, 'password');
  await state.write((queries) => attempts.succeed(queries));
}

/** Ends all sessions of the account, and opens a new one for who asks. */
async function renewSession(context: PeopleContext, queries: Queries, asking: Asking, kind: EventKind): Promise<OpenedSession> {
  const { identity, from } = asking;
  const { clock, random } = context.ports;
  const personId = identity.account.id;
  await endSessions(queries, personId);
  await recordEvent(queries, context.ports, { personId, kind, address: from.address });
  return openSession(queries, random, { personId, now: clock.now(), rules: context.sessionRules, from });
}
