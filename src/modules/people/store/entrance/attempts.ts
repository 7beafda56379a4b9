/**
 * Attempts, counted in the State, so that all processes count together. An attempt is counted before it is looked at: of a
 * hundred at the same moment, most are told to wait.
 *
 * A live session, and a device that logged in to the account before, are counted for themselves: whatever strangers try, they
 * are not held up.
 */
import type { KontorError } from '#core/errors.ts';
import { subscriberOf } from '#core/networks.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { type AttemptRule, attemptRules, waitAfter } from '../../domain/attempts.ts';
import { deviceIn } from '../../domain/devices.ts';
import { hashOf } from '../../domain/secrets.ts';
import type { Whereabouts } from '../../domain/sessions.ts';
import { peopleRefusals } from '../../refusals.ts';
import type { PeopleContext } from '../context.ts';
import type { PeopleTables } from '../tables.ts';

export interface Attempts {
  /** Undefined when it may go on. A refusal is to be thrown after the commit. */
  take(queries: Queries, now: number): Promise<KontorError | undefined>;
  /** For an attempt that was no guess: it does not count. */
  giveBack(queries: Queries): Promise<void>;
  /** For an attempt that was right: earlier guesses from here at the account do not count any more. */
  succeed(queries: Queries): Promise<void>;
}

interface Counter {
  readonly key: string;
  readonly rule: AttemptRule;
  /** Whether an attempt that was right removes the guesses before it. */
  readonly forgives: boolean;
}

/** Guesses at the password of an account from a browser that is not logged in; `device` is what `deviceOf` found. */
export function loginAttempts(email: string, address: string, device: string | undefined): Attempts {
  const network = subscriberOf(address);
  const account = accountKey(email);
  if (device !== undefined) return attempts([{ key: `login:device:${device}`, rule: attemptRules.login, forgives: true }]);
  return attempts([
    { key: `login:network:${network}`, rule: attemptRules.loginByNetwork, forgives: false },
    { key: `login:account:${account}:${network}`, rule: attemptRules.login, forgives: true },
    { key: `login:account:${account}`, rule: attemptRules.loginOfStrangers, forgives: false },
  ]);
}

/** Guesses at the password or a code of its own account from a session. */
export function sessionAttempts(sessionId: string): Attempts {
  return attempts([{ key: `login:session:${sessionId}`, rule: attemptRules.login, forgives: true }]);
}

/** Guesses at a code after the right password, which strangers do not have. */
export function codeAttempts(email: string, device: string | undefined): Attempts {
  const key = device === undefined ? `code:account:${accountKey(email)}` : `code:device:${device}`;
  return attempts([{ key, rule: attemptRules.code, forgives: true }]);
}

export function letterAttempts(email: string, address: string, device: string | undefined): Attempts {
  const network = subscriberOf(address);
  if (device !== undefined) return attempts([{ key: `letter:device:${device}`, rule: attemptRules.letter, forgives: true }]);
  return attempts([
    { key: `letter:network:${network}`, rule: attemptRules.letterByNetwork, forgives: false },
    { key: `letter:account:${accountKey(email)}:${network}`, rule: attemptRules.letter, forgives: true },
  ]);
}

/** The device that logged in to this account before. */
export function deviceOf({ seal, ports }: PeopleContext, email: string, { device }: Whereabouts): string | undefined {
  return deviceIn(seal, device, email, ports.clock.now());
}

/** A hash: people type all kinds of secrets into the wrong field, and none is to be stored. */
function accountKey(email: string): string {
  return hashOf(email);
}

function attempts(counters: readonly Counter[]): Attempts {
  return {
    async take(queries, now) {
      for (const [index, { key, rule }] of counters.entries()) {
        const waitMs = await takeAttempt(queries, key, rule, now);
        if (waitMs === 0) continue;
        for (const taken of counters.slice(0, index)) await giveBackAttempt(queries, taken.key);
        return refuse(peopleRefusals, 'wait-seconds', { seconds: Math.ceil(waitMs / 1_000) });
      }
      return undefined;
    },
    async giveBack(queries) {
      for (const { key } of counters) await giveBackAttempt(queries, key);
    },
    async succeed(queries) {
      for (const { key, forgives } of counters) {
        if (forgives) await queries.withTables<PeopleTables>().deleteFrom('person_attempts').where('key', '=', key).execute();
        else await giveBackAttempt(queries, key);
      }
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
