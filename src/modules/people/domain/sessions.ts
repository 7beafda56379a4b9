/** How long sessions last, and where requests come from. */
import { type AccountRole, type Scope, scopesOfRole } from '#core/account.ts';

/** An admin's session ends sooner: more can be done with it. */
export interface SessionRules extends Readonly<Record<AccountRole, SessionLimits>> {
  /** Whether an admin without a second factor may do no more than a member. */
  readonly adminsNeedSecondFactor: boolean;
}

export interface SessionLimits {
  /** A session ends when it was not used for so long … */
  readonly idleMs: number;
  /** … and after so long however much it was used. */
  readonly longestMs: number;
}

/** The most that an account can do, in a session or by a token. */
export function scopesLeft(
  { adminsNeedSecondFactor }: Pick<SessionRules, 'adminsNeedSecondFactor'>,
  { role, secondFactor }: { readonly role: AccountRole; readonly secondFactor: boolean },
): readonly Scope[] {
  return scopesOfRole(adminsNeedSecondFactor && !secondFactor ? 'member' : role);
}

/** Where a request comes from, as its owner is shown it. */
export interface Whereabouts {
  readonly address: string;
  /** What the browser says it is. */
  readonly agent: string;
  /** The cookie of a device that logged in before, as the browser sent it. */
  readonly device?: string | undefined;
}
