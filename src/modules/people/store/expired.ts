/** Removes what has expired. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { longestForgetMs } from '../domain/attempts.ts';
import type { SessionRules } from '../domain/sessions.ts';

/** More counters than that are only in a flood: the oldest go. */
const maxCounters = 200_000;
const keepEventsMs = 365 * 86_400_000;

interface RemovalLimits {
  /** Rows of each table. */
  readonly atOnce: number;
  readonly counters?: number;
}

/** At most `atOnce` rows of each table, which keeps the transaction short; resolves how many went. */
export async function removeExpired(
  queries: Queries,
  rules: SessionRules,
  now: number,
  { atOnce: limit, counters = maxCounters }: RemovalLimits,
): Promise<number> {
  const idleMs = Math.max(rules.member.idleMs, rules.admin.idleMs);
  const remove = async (table: string, key: string, isOver: RawBuilder<SqlBool>) => {
    const over = sql`select ${sql.ref(key)} from ${sql.table(table)} where ${isOver} limit ${limit}`;
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${sql.ref(key)} in (${over})`.execute(queries);
    return Number(numAffectedRows ?? 0);
  };
  const oldest = await oldestCounter(queries, counters);
  return (
    (await remove('person_session', 'secret_hash', sql`ends_at <= ${now} or seen_at <= ${now - idleMs}`)) +
    (await remove('person_access_token', 'secret_hash', sql`ends_at <= ${now}`)) +
    (await remove('person_mail_token', 'secret_hash', sql`ends_at <= ${now}`)) +
    (await remove('person_email_change', 'person_id', sql`ends_at <= ${now}`)) +
    (await remove('person_attempts', 'key', sql`last_at < ${Math.max(now - longestForgetMs, oldest + 1)}`)) +
    (await remove('person_event', 'id', sql`at < ${now - keepEventsMs}`))
  );
}

/** When the newest surplus counter was last used; -1 when there are not too many. */
async function oldestCounter(queries: Queries, counters: number): Promise<number> {
  const { rows } = await sql<{ last_at: number }>`
    select last_at from person_attempts order by last_at desc limit 1 offset ${counters}`.execute(queries);
  return rows[0]?.last_at ?? -1;
}
