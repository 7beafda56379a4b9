/** Personal access tokens, for the command line and the API: hashed at rest, limited in scope and time, revocable. */

import type { Identity, Scope } from '#core/account.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { hashOf, newSecret } from '../../domain/secrets.ts';
import type { PeopleTables } from '../tables.ts';

/** So that one that leaked into a file or a log is found by searching for it. */
const prefix = 'kontor_pat_';
export const maxAccessTokens = 50;
/** That a token is in use is written down at most this often. */
const touchMs = 60_000;

export interface AccessTokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly endsAt: number;
  /** Within a minute; null if never. */
  readonly usedAt: number | null;
}

export interface NewAccessToken {
  readonly personId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly now: number;
  readonly endsAt: number;
}

/** The token with its secret, which is shown this once; undefined when the person has as many as may be. */
export async function addAccessToken(
  queries: Queries,
  random: Random,
  { personId, name, scopes, now, endsAt }: NewAccessToken,
): Promise<(AccessTokenView & { readonly token: string }) | undefined> {
  const tables = queries.withTables<PeopleTables>();
  if ((await listAccessTokens(queries, personId, now)).length >= maxAccessTokens) return undefined;
  const token = prefix + newSecret(random);
  const id = random.id();
  await tables
    .insertInto('person_access_token')
    .values({
      id,
      secret_hash: hashOf(token),
      person_id: personId,
      name,
      scopes: scopes.join(' '),
      created_at: now,
      used_at: null,
      ends_at: endsAt,
    })
    .execute();
  return { id, name, scopes, createdAt: now, endsAt, usedAt: null, token };
}

export interface FoundAccessToken {
  readonly identity: Identity;
  readonly stale: boolean;
}

export async function findAccessToken(queries: Queries, token: string, now: number): Promise<FoundAccessToken | undefined> {
  const row = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_access_token as token')
    .innerJoin('person', 'person.id', 'token.person_id')
    .select(['person.id', 'person.email', 'person.name', 'person.role', 'token.id as token_id', 'token.scopes', 'token.used_at'])
    .where('token.secret_hash', '=', hashOf(token))
    .where('token.ends_at', '>', now)
    .where('person.locked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    identity: {
      account: { id: row.id, email: row.email, name: row.name, role: row.role },
      kind: 'access-token',
      id: row.token_id,
      scopes: scopesOf(row.scopes),
    },
    stale: row.used_at === null || row.used_at <= now - touchMs,
  };
}

export async function touchAccessToken(queries: Queries, id: string, now: number): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person_access_token').set({ used_at: now }).where('id', '=', id).execute();
}

/** Newest first, without those that are over. */
export async function listAccessTokens(queries: Queries, personId: string, now: number): Promise<readonly AccessTokenView[]> {
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_access_token')
    .select(['id', 'name', 'scopes', 'created_at', 'ends_at', 'used_at'])
    .where('person_id', '=', personId)
    .where('ends_at', '>', now)
    .orderBy('created_at', 'desc')
    .limit(maxAccessTokens)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: scopesOf(row.scopes),
    createdAt: row.created_at,
    endsAt: row.ends_at,
    usedAt: row.used_at,
  }));
}

/** Its name; undefined when the person has no such token. */
export async function endAccessToken(queries: Queries, personId: string, id: string): Promise<string | undefined> {
  const gone = await queries
    .withTables<PeopleTables>()
    .deleteFrom('person_access_token')
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return gone?.name;
}

export async function endAccessTokens(queries: Queries, personId: string): Promise<void> {
  await queries.withTables<PeopleTables>().deleteFrom('person_access_token').where('person_id', '=', personId).execute();
}

/** Removes tokens that are over, a bounded number a call; resolves how many went. */
export async function pruneAccessTokens(queries: Queries, now: number, limit: number): Promise<number> {
  const tables = queries.withTables<PeopleTables>();
  const over = tables.selectFrom('person_access_token').select('secret_hash').where('ends_at', '<=', now).limit(limit);
  const { numDeletedRows } = await tables.deleteFrom('person_access_token').where('secret_hash', 'in', over).executeTakeFirst();
  return Number(numDeletedRows);
}

function scopesOf(text: string): readonly Scope[] {
  return text.split(' ') as Scope[];
}
