/**
 * Attempts, counted in the State, so that all processes count together. An attempt is counted before it is looked at: of a
 * hundred at the same moment, most are told to wait.
 */
import type { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { type AttemptRule, attemptRules, networkOf, waitAfter } from '../../domain/attempts.ts';
import { hashOf } from '../../domain/secrets.ts';
import { peopleRefusals } from '../../refusals.ts';
import type { PeopleTables } from '../tables.ts';

/** Attempts on one account, by its address, from one network: both are counted. */
export interface Attempts {
  /** Undefined when it may go on. A refusal is to be thrown after the commit. */
  take(queries: Queries, now: number): Promise<KontorError | undefined>;
  /** For an attempt that was no guess: it does not count. */
  giveBack(queries: Queries): Promise<void>;
  /** For an attempt that was right: earlier guesses at the account do not count any more. */
  succeed(queries: Queries): Promise<void>;
}

export function loginAttempts(email: string, address: string): Attempts {
  return attempts('login', email, address, attemptRules.loginByEmail, attemptRules.loginByAddress);
}

export function letterAttempts(email: string, address: string): Attempts {
  return attempts('letter', email, address, attemptRules.letterByEmail, attemptRules.letterByAddress);
}

function attempts(what: string, email: string, address: string, byEmail: AttemptRule, byAddress: AttemptRule): Attempts {
  // A hash: people type all kinds of secrets into the wrong field, and none is to be stored.
  const emailKey = `${what}:email:${hashOf(email)}`;
  const addressKey = `${what}:address:${networkOf(address)}`;
  return {
    async take(queries, now) {
      const waitMs = (await takeAttempt(queries, addressKey, byAddress, now)) || (await takeAttempt(queries, emailKey, byEmail, now));
      return waitMs > 0 ? refuse(peopleRefusals, 'wait-seconds', { seconds: Math.ceil(waitMs / 1_000) }) : undefined;
    },
    async giveBack(queries) {
      await giveBackAttempt(queries, addressKey);
      await giveBackAttempt(queries, emailKey);
    },
    async succeed(queries) {
      await giveBackAttempt(queries, addressKey);
      await queries.withTables<PeopleTables>().deleteFrom('person_attempts').where('key', '=', emailKey).execute();
    },
  };
}

/** Counts an attempt and resolves 0; or, while it is too early for one, counts nothing and resolves how long to wait. */
export async function takeAttempt(queries: Queries, key: string, rule: AttemptRule, now: number): Promise<number> {
  const tables = queries.withTables<PeopleTables>();
  const taken = await tables
    .insertInto('person_attempts')
    .values({ key, attempts: 1, last_at: now, blocked_until: 0 })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((update) => ({
          attempts: update
            .case()
            .when('person_attempts.last_at', '<', now - rule.forgetMs)
            .then(1)
            .else(update('person_attempts.attempts', '+', 1))
            .end(),
          last_at: now,
        }))
        .where('person_attempts.blocked_until', '<=', now),
    )
    .returning('attempts')
    .executeTakeFirst();
  if (taken === undefined) {
    const blocked = await tables.selectFrom('person_attempts').select('blocked_until').where('key', '=', key).executeTakeFirst();
    return Math.max(1, (blocked?.blocked_until ?? now) - now);
  }
  const waitMs = waitAfter(taken.attempts, rule);
  if (waitMs > 0)
    await tables
      .updateTable('person_attempts')
      .set({ blocked_until: now + waitMs })
      .where('key', '=', key)
      .execute();
  return 0;
}

async function giveBackAttempt(queries: Queries, key: string): Promise<void> {
  await queries
    .withTables<PeopleTables>()
    .updateTable('person_attempts')
    .set((update) => ({ attempts: update('attempts', '-', 1), blocked_until: 0 }))
    .where('key', '=', key)
    .where('attempts', '>', 0)
    .execute();
}
