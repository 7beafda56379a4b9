/**
 * Attempts: how often somebody may try before waiting, counted in the State, so that it holds across processes. An attempt is
 * counted before it is looked at: a hundred at the same moment are a hundred, and most of them are told to wait.
 */
import type { Queries } from '#core/ports/state.ts';
import type { PeopleTables } from '../tables.ts';

export interface AttemptRule {
  /** So many cost nothing; each further one doubles the wait before the next. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** After so long without one, counting begins anew. */
  readonly forgetMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const attemptRules = {
  loginByEmail: { free: 5, firstWaitMs: 2_000, longestWaitMs: 15 * minuteMs, forgetMs: 24 * hourMs },
  /** Many people may share an address; what they get right is given back. */
  loginByAddress: { free: 30, firstWaitMs: 1_000, longestWaitMs: 15 * minuteMs, forgetMs: hourMs },
  letterByEmail: { free: 3, firstWaitMs: minuteMs, longestWaitMs: hourMs, forgetMs: 24 * hourMs },
  letterByAddress: { free: 20, firstWaitMs: 10_000, longestWaitMs: hourMs, forgetMs: hourMs },
} as const satisfies Readonly<Record<string, AttemptRule>>;

/** The longest that any rule remembers. */
const longestForgetMs = 24 * hourMs;

/** Counts an attempt; resolves 0 when it may go on, else how long to wait before the next (this one was not counted then). */
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

/** An attempt that turned out not to be a guess does not count, nor make anybody wait. */
export async function giveBackAttempt(queries: Queries, key: string): Promise<void> {
  await queries
    .withTables<PeopleTables>()
    .updateTable('person_attempts')
    .set((update) => ({ attempts: update('attempts', '-', 1), blocked_until: 0 }))
    .where('key', '=', key)
    .where('attempts', '>', 0)
    .execute();
}

export async function forgetAttempts(queries: Queries, key: string): Promise<void> {
  await queries.withTables<PeopleTables>().deleteFrom('person_attempts').where('key', '=', key).execute();
}

/** Removes what no rule remembers, a bounded number a call; resolves how many went. */
export async function pruneAttempts(queries: Queries, now: number, limit: number): Promise<number> {
  const tables = queries.withTables<PeopleTables>();
  const old = tables
    .selectFrom('person_attempts')
    .select('key')
    .where('last_at', '<', now - longestForgetMs)
    .limit(limit);
  const { numDeletedRows } = await tables.deleteFrom('person_attempts').where('key', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

function waitAfter(attempts: number, { free, firstWaitMs, longestWaitMs }: AttemptRule): number {
  const beyond = attempts - free;
  return beyond < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(beyond, 30));
}

/** Who has one IPv6 address has all that share its first 64 bits. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - tailGroups.length }, () => '0');
  return `${[...groups, ...zeros, ...tailGroups].slice(0, 4).join(':')}::/64`;
}
