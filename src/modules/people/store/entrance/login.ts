/** Logging in: password, then second factor. Whoever has no account is refused in the same words, after the same work. */

import type { Account, Identity } from '#core/account.ts';
import { findAccount, findAccountByEmail } from '../accounts/accounts.ts';
import { recordEvent } from '../accounts/events.ts';
import { loginAttempts, type PeopleContext, type Wait } from '../context.ts';
import { endSession, endSessionOf, type OpenedSession, openSession, type Whereabouts } from '../sessions/sessions.ts';
import { hasSecondFactor, spendCode } from './second-factor.ts';

export interface LoginRequest {
  readonly email: string;
  readonly password: string;
  /** Of the second factor: six digits, or a recovery code. */
  readonly code?: string | undefined;
  readonly from: Whereabouts;
  /** The secret of the session that the browser brought: it ends. */
  readonly previous?: string | undefined;
}

export type LoginOutcome =
  | { readonly outcome: 'logged-in'; readonly account: Account; readonly session: OpenedSession }
  /** The password was right; the same again with a code. */
  | { readonly outcome: 'second-factor' }
  /** Address, password or code is wrong: which one is not told. */
  | { readonly outcome: 'refused' }
  /** All was right, but an admin locked the account. */
  | { readonly outcome: 'locked' }
  | Wait;

export async function logIn(context: PeopleContext, request: LoginRequest): Promise<LoginOutcome> {
  const { state, clock, random } = context.ports;
  const { email, password, code, from } = request;
  const { address } = from;
  const attempts = loginAttempts(email, address);

  const waitMs = await state.write((queries) => attempts.take(queries, clock.now()));
  if (waitMs > 0) return { outcome: 'wait', waitMs };
  const stored = await state.read((queries) => findAccountByEmail(queries, email));
  const right = await context.passwords.verify(stored?.passwordHash, password);

  return state.write(async (queries): Promise<LoginOutcome> => {
    const refuse = async (outcome: 'refused' | 'locked', detail: string): Promise<LoginOutcome> => {
      await recordEvent(queries, context.ports, { personId: stored?.id ?? null, kind: 'login-refused', address, detail });
      return { outcome };
    };
    if (stored === undefined || !right) return refuse('refused', 'wrong address or password');
    // What was checked above is checked in this transaction again: it may have been changed or locked in between.
    const account = await findAccount(queries, stored.id);
    if (account?.passwordHash !== stored.passwordHash) return refuse('refused', 'wrong address or password');
    const now = clock.now();
    if (await hasSecondFactor(queries, account.id)) {
      if (code === undefined) {
        await attempts.giveBack(queries);
        return { outcome: 'second-factor' };
      }
      const spent = await spendCode(queries, account.id, code, now);
      if (spent === undefined) return refuse('refused', 'wrong or used code');
      if (spent === 'recovery-code')
        await recordEvent(queries, context.ports, { personId: account.id, kind: 'recovery-code-used', address });
    }
    if (account.locked) return refuse('locked', 'locked');
    await attempts.succeed(queries);
    if (request.previous !== undefined) await endSessionOf(queries, request.previous);
    const session = await openSession(queries, random, { personId: account.id, now, rules: context.sessionRules, from });
    await recordEvent(queries, context.ports, { personId: account.id, kind: 'logged-in', address });
    return { outcome: 'logged-in', account: publicAccount(account), session };
  });
}

function publicAccount({ id, email, name, role }: Account): Account {
  return { id, email, name, role };
}

export async function logOut({ ports }: PeopleContext, { account, id }: Identity, address: string): Promise<void> {
  await ports.state.write(async (queries) => {
    await endSession(queries, account.id, id);
    await recordEvent(queries, ports, { personId: account.id, kind: 'logged-out', address });
  });
}
