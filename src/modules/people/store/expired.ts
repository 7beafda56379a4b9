/** Removes what has expired. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { longestForgetMs } from '../domain/attempts.ts';
import type { SessionRules } from '../domain/sessions.ts';

const keepEventsMs = 365 * 86_400_000;

/** At most `limit` rows of each table, which keeps the transaction short; resolves how many went. */
export async function removeExpired(queries: Queries, { idleMs }: SessionRules, now: number, limit: number): Promise<number> {
  const remove = async (table: string, key: string, isOver: RawBuilder<SqlBool>) => {
    const over = sql`select ${sql.ref(key)} from ${sql.table(table)} where ${isOver} limit ${limit}`;
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${sql.ref(key)} in (${over})`.execute(queries);
    return Number(numAffectedRows ?? 0);
  };
  return (
    (await remove('person_session', 'secret_hash', sql`ends_at <= ${now} or seen_at <= ${now - idleMs}`)) +
    (await remove('person_access_token', 'secret_hash', sql`ends_at <= ${now}`)) +
    (await remove('person_mail_token', 'secret_hash', sql`ends_at <= ${now}`)) +
    (await remove('person_attempts', 'key', sql`last_at < ${now - longestForgetMs}`)) +
    (await remove('person_event', 'id', sql`at < ${now - keepEventsMs}`))
  );
}
