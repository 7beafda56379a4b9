/** Logging in: the password, then the second factor. An unknown address is refused in the same words, after the same work. */
import type { Identity } from '#core/account.ts';
import type { KontorError } from '#core/errors.ts';
import { refuse } from '#core/refuse.ts';
import type { Whereabouts } from '../../domain/sessions.ts';
import { peopleRefusals } from '../../refusals.ts';
import { findAccount, findAccountByEmail } from '../accounts/accounts.ts';
import { recordEvent } from '../accounts/events.ts';
import { afterCommit, type PeopleContext } from '../context.ts';
import { endSession, endSessionOf, openSession } from '../sessions/sessions.ts';
import { codeAttempts, deviceOf, loginAttempts } from './attempts.ts';
import type { OpenedAccount } from './by-mail.ts';
import { hasSecondFactor, spendCode } from './second-factor.ts';

export interface LoginRequest {
  readonly email: string;
  readonly password: string;
  /** Of the second factor: six digits, or a recovery code. */
  readonly code?: string | undefined;
  readonly from: Whereabouts;
  /** The secret of the session that the browser sent: it ends. */
  readonly previous?: string | undefined;
}

/** Undefined when the password was right and the code of the second factor is missing. */
export async function logIn(context: PeopleContext, request: LoginRequest): Promise<OpenedAccount | undefined> {
  const { state, clock, random } = context.ports;
  const { email, password, code, from } = request;
  const { address } = from;
  const device = deviceOf(context, email, from);
  const attempts = loginAttempts(email, address, device);
  const codes = codeAttempts(email, device);

  await afterCommit(state.write((queries) => attempts.take(queries, clock.now())));
  const stored = await state.read((queries) => findAccountByEmail(queries, email));
  const right = await context.passwords.verify(stored?.passwordHash, password, device === undefined ? 'stranger' : 'known');

  const loggingIn = state.write(async (queries): Promise<OpenedAccount | KontorError | undefined> => {
    const refused = async (name: 'wrong-login' | 'account-locked', detail: string) => {
      await recordEvent(queries, context.ports, { personId: stored?.id ?? null, kind: 'login-refused', address, detail });
      return refuse(peopleRefusals, name);
    };
    if (stored === undefined || !right) return refused('wrong-login', 'wrong address or password');
    // Checked again in this transaction: the account may have changed in between.
    const account = await findAccount(queries, stored.id);
    if (account?.passwordHash !== stored.passwordHash) return refused('wrong-login', 'wrong address or password');
    const now = clock.now();
    if (await hasSecondFactor(queries, account.id)) {
      if (code === undefined) {
        await attempts.giveBack(queries);
        return undefined;
      }
      const wait = await codes.take(queries, now);
      if (wait !== undefined) return wait;
      const spent = await spendCode(context, queries, account.id, code);
      if (spent === undefined) return refused('wrong-login', 'wrong or used code');
      if (spent === 'recovery-code')
        await recordEvent(queries, context.ports, { personId: account.id, kind: 'recovery-code-used', address });
    }
    if (account.locked) return refused('account-locked', 'locked');
    await attempts.succeed(queries);
    await codes.succeed(queries);
    if (request.previous !== undefined) await endSessionOf(queries, request.previous);
    const rules = context.sessionRules[account.role];
    const session = await openSession(queries, random, { personId: account.id, now, rules, from });
    await recordEvent(queries, context.ports, { personId: account.id, kind: 'logged-in', address });
    return { account, session };
  });
  return afterCommit(loggingIn);
}

export async function logOut({ ports }: PeopleContext, { account, id }: Identity, address: string): Promise<void> {
  await ports.state.write(async (queries) => {
    await endSession(queries, account.id, id);
    await recordEvent(queries, ports, { personId: account.id, kind: 'logged-out', address });
  });
}
