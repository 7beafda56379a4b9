/** What people change about their own account. Whatever could lock its owner out asks for the password again, and ends other sessions. */

import type { Identity } from '#core/account.ts';
import type { Queries } from '#core/ports/state.ts';
import { type Fault, wrongInPassword } from '../../domain/passwords.ts';
import { otpauthUrl } from '../../domain/totp.ts';
import { loginAttempts, type PeopleContext, type Wait } from '../context.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  hasSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '../entrance/second-factor.ts';
import { endSessions, type OpenedSession, openSession, type Whereabouts } from '../sessions/sessions.ts';
import { findAccount, setPassword } from './accounts.ts';
import { type EventKind, recordEvent } from './events.ts';

/** Who asks, from where, and their password, typed anew. */
export interface Asking {
  readonly identity: Identity;
  readonly password: string;
  readonly from: Whereabouts;
}

export type Refusal = { readonly outcome: 'wrong-password' } | ({ readonly outcome: 'refused' } & Fault) | Wait;

function refusedFor(name: 'second-factor-is-on' | 'second-factor-is-off' | 'wrong-code', says: string): Refusal {
  return { outcome: 'refused', reason: { name, values: {} }, says };
}

/** The session that goes on, with a new secret. */
interface Rotated {
  readonly outcome: 'done';
  readonly session: OpenedSession;
}

export async function changePassword(context: PeopleContext, asking: Asking, newPassword: string): Promise<Rotated | Refusal> {
  const { identity } = asking;
  const wrong = wrongInPassword(newPassword, identity.account);
  if (wrong !== undefined) return { outcome: 'refused', ...wrong };
  const refusal = await refusalOf(context, asking);
  if (refusal) return refusal;
  const passwordHash = await context.passwords.hash(newPassword);
  return context.ports.state.write(async (queries) => {
    await setPassword(queries, identity.account.id, passwordHash);
    return rotate(context, queries, asking, 'password-changed');
  });
}

export interface SecondFactorOffer {
  readonly outcome: 'done';
  /** For the authenticator, as a link and as a picture. */
  readonly otpauthUrl: string;
}

export async function offerSecondFactor(context: PeopleContext, asking: Asking): Promise<SecondFactorOffer | Refusal> {
  const refusal = await refusalOf(context, asking);
  if (refusal) return refusal;
  const { id, email } = asking.identity.account;
  const { state, random } = context.ports;
  const secret = await state.write((queries) => beginSecondFactor(queries, random, id));
  if (secret === undefined) return refusedFor('second-factor-is-on', 'There is a second factor already: switch it off first.');
  return { outcome: 'done', otpauthUrl: otpauthUrl({ secret, email }) };
}

export type SecondFactorConfirmed = (Rotated & { readonly recoveryCodes: readonly string[] }) | Refusal;

/** Its first code shows that the authenticator has the secret; the codes for the day it is lost are shown this once. */
export async function switchSecondFactorOn(
  context: PeopleContext,
  { identity, code, from }: { identity: Identity; code: string; from: Whereabouts },
): Promise<SecondFactorConfirmed> {
  const { state, clock, random } = context.ports;
  const { id, email } = identity.account;
  const attempts = loginAttempts(email, from.address);
  return state.write(async (queries): Promise<SecondFactorConfirmed> => {
    const now = clock.now();
    const waitMs = await attempts.take(queries, now);
    if (waitMs > 0) return { outcome: 'wait', waitMs };
    if (!(await confirmSecondFactor(queries, id, code, now)))
      return refusedFor('wrong-code', 'The code is not right: see that the clock of the authenticator is, and type the present one.');
    await attempts.succeed(queries);
    const recoveryCodes = await replaceRecoveryCodes(queries, random, id);
    return { ...(await rotate(context, queries, { identity, from }, 'second-factor-on')), recoveryCodes };
  });
}

export async function switchSecondFactorOff(context: PeopleContext, asking: Asking): Promise<Rotated | Refusal> {
  const refusal = await refusalOf(context, asking);
  if (refusal) return refusal;
  return context.ports.state.write(async (queries) => {
    await removeSecondFactor(queries, asking.identity.account.id);
    return rotate(context, queries, asking, 'second-factor-off');
  });
}

export type RecoveryCodesMade = { readonly outcome: 'done'; readonly recoveryCodes: readonly string[] } | Refusal;

export async function makeRecoveryCodes(context: PeopleContext, asking: Asking): Promise<RecoveryCodesMade> {
  const refusal = await refusalOf(context, asking);
  if (refusal) return refusal;
  const { state, random } = context.ports;
  const personId = asking.identity.account.id;
  return state.write(async (queries): Promise<RecoveryCodesMade> => {
    if (!(await hasSecondFactor(queries, personId)))
      return refusedFor('second-factor-is-off', 'There is no second factor: switch it on first.');
    const recoveryCodes = await replaceRecoveryCodes(queries, random, personId);
    await recordEvent(queries, context.ports, { personId, kind: 'recovery-codes-made', address: asking.from.address });
    return { outcome: 'done', recoveryCodes };
  });
}

/** Undefined when the password is right. Guesses count like those at login: a stolen session is no way around them. */
async function refusalOf(context: PeopleContext, { identity, password, from }: Asking): Promise<Refusal | undefined> {
  const { state, clock } = context.ports;
  const attempts = loginAttempts(identity.account.email, from.address);
  const waitMs = await state.write((queries) => attempts.take(queries, clock.now()));
  if (waitMs > 0) return { outcome: 'wait', waitMs };
  const stored = await state.read((queries) => findAccount(queries, identity.account.id));
  if (!(await context.passwords.verify(stored?.passwordHash, password))) return { outcome: 'wrong-password' };
  await state.write((queries) => attempts.succeed(queries));
  return undefined;
}

async function rotate(
  context: PeopleContext,
  queries: Queries,
  { identity, from }: Pick<Asking, 'identity' | 'from'>,
  kind: EventKind,
): Promise<Rotated> {
  const { clock, random } = context.ports;
  const personId = identity.account.id;
  await endSessions(queries, personId);
  await recordEvent(queries, context.ports, { personId, kind, address: from.address });
  const session = await openSession(queries, random, { personId, now: clock.now(), rules: context.sessionRules, from });
  return { outcome: 'done', session };
}
