/** What the people's role works with. */
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import type { Passwords } from '../domain/passwords.ts';
import { hashOf } from '../domain/secrets.ts';
import { type AttemptRule, attemptRules, forgetAttempts, giveBackAttempt, networkOf, takeAttempt } from './entrance/attempts.ts';
import type { SessionRules } from './sessions/sessions.ts';

export interface PeopleContext {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'mail'>;
  readonly passwords: Passwords;
  readonly sessionRules: SessionRules;
}

/** Somebody tries too often. */
export interface Wait {
  readonly outcome: 'wait';
  readonly waitMs: number;
}

/** The two things that attempts are counted by: the account meant, by its address, and the network they come from. */
export interface Attempts {
  /** 0 when it may go on. */
  take(queries: Queries, now: number): Promise<number>;
  /** It was no guess after all. */
  giveBack(queries: Queries): Promise<void>;
  /** It was right: what was guessed before does not count any more. */
  succeed(queries: Queries): Promise<void>;
}

export function loginAttempts(email: string, address: string): Attempts {
  return attempts('login', email, address, attemptRules.loginByEmail, attemptRules.loginByAddress);
}

export function letterAttempts(email: string, address: string): Attempts {
  return attempts('letter', email, address, attemptRules.letterByEmail, attemptRules.letterByAddress);
}

function attempts(what: string, email: string, address: string, byEmail: AttemptRule, byAddress: AttemptRule): Attempts {
  // A hash: what people type into the wrong field does not belong into the books.
  const emailKey = `${what}:email:${hashOf(email)}`;
  const addressKey = `${what}:address:${networkOf(address)}`;
  return {
    async take(queries, now) {
      const addressWaitMs = await takeAttempt(queries, addressKey, byAddress, now);
      return addressWaitMs > 0 ? addressWaitMs : takeAttempt(queries, emailKey, byEmail, now);
    },
    async giveBack(queries) {
      await giveBackAttempt(queries, addressKey);
      await giveBackAttempt(queries, emailKey);
    },
    async succeed(queries) {
      await giveBackAttempt(queries, addressKey);
      await forgetAttempts(queries, emailKey);
    },
  };
}
