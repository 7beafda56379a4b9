/** The links in letters: who has one reads the mail of that address. Each works once, for an hour. */
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { letterFlood } from '../../domain/attempts.ts';
import { hashOf, newSecret } from '../../domain/secrets.ts';
import type { PeopleTables } from '../tables.ts';

export interface MailToken {
  /** Undefined for an address that has no account yet. */
  readonly personId: string | undefined;
  readonly email: string;
  readonly name: string;
}

const validMs = 3_600_000;

export async function addMailToken(queries: Queries, random: Random, { personId, email, name }: MailToken, now: number): Promise<string> {
  const secret = newSecret(random);
  await queries
    .withTables<PeopleTables>()
    .insertInto('person_mail_token')
    .values({ secret_hash: hashOf(secret), person_id: personId ?? null, email, name, ends_at: now + validMs })
    .execute();
  return secret;
}

export async function findMailToken(queries: Queries, secret: string, now: number): Promise<MailToken | undefined> {
  const row = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_mail_token')
    .selectAll()
    .where('secret_hash', '=', hashOf(secret))
    .where('ends_at', '>', now)
    .executeTakeFirst();
  return row && { personId: row.person_id ?? undefined, email: row.email, name: row.name };
}

/** How long an address gets no further letter that a stranger asks for; 0 when it gets one. */
export async function floodWaitMs(queries: Queries, email: string, now: number): Promise<number> {
  const { count, latest } = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_mail_token')
    .select((select) => [select.fn.countAll<number>().as('count'), select.fn.max<number | null>('ends_at').as('latest')])
    .where('email', '=', email)
    .where('ends_at', '>', now)
    .executeTakeFirstOrThrow();
  const newestAt = Number(latest ?? 0) - validMs;
  return Number(count) < letterFlood.letters ? 0 : Math.max(0, newestAt + letterFlood.newestOlderMs - now);
}

export async function endMailTokens(queries: Queries, email: string): Promise<void> {
  await queries.withTables<PeopleTables>().deleteFrom('person_mail_token').where('email', '=', email).execute();
}

/** Uses it up, and all others for the same address. False when another request was first. */
export async function spendMailToken(queries: Queries, secret: string, now: number): Promise<boolean> {
  const tables = queries.withTables<PeopleTables>();
  const spent = await tables
    .deleteFrom('person_mail_token')
    .where('secret_hash', '=', hashOf(secret))
    .where('ends_at', '>', now)
    .returning('email')
    .executeTakeFirst();
  if (spent === undefined) return false;
  await endMailTokens(queries, spent.email);
  return true;
}
