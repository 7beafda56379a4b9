/** Personal access tokens, for the command line and the API: hashed at rest, limited in scope and time, revocable. */
import type { Identity, Scope } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { maxAccessTokens } from '../../domain/limits.ts';
import { hashOf, newSecret } from '../../domain/secrets.ts';
import { type SessionRules, scopesLeft } from '../../domain/sessions.ts';
import { peopleRefusals } from '../../refusals.ts';
import { recordEvent } from '../accounts/events.ts';
import type { PeopleTables } from '../tables.ts';

/** A token that leaked into a file or a log can be found by searching for this. */
const prefix = 'kontor_pat_';
/** `used_at` is written at most this often. */
const touchMs = 60_000;
const dayMs = 86_400_000;

export interface AccessTokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly endsAt: number;
  /** Within a minute; null if never. */
  readonly usedAt: number | null;
}

export interface MadeAccessToken extends AccessTokenView {
  readonly token: string;
}

export interface NewAccessToken {
  readonly personId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly now: number;
  readonly endsAt: number;
}

type TokenPorts = Pick<Ports, 'state' | 'clock' | 'random'>;

export async function makeAccessToken(
  ports: TokenPorts,
  { account: { id: personId }, scopes: own }: Pick<Identity, 'account' | 'scopes'>,
  { name, scopes, days }: { readonly name: string; readonly scopes: readonly Scope[]; readonly days: number },
  address: string,
): Promise<MadeAccessToken> {
  if (scopes.some((scope) => !own.includes(scope))) throw refuse(peopleRefusals, 'admin-scope');
  return ports.state.write(async (queries) => {
    const now = ports.clock.now();
    const made = await addAccessToken(queries, ports.random, { personId, name, scopes, now, endsAt: now + days * dayMs });
    if (made === undefined) throw refuse(peopleRefusals, 'access-tokens-full', { most: maxAccessTokens });
    await recordEvent(queries, ports, { personId, kind: 'access-token-made', address, detail: name });
    return made;
  });
}

export async function revokeAccessToken(ports: TokenPorts, personId: string, id: string, address: string): Promise<void> {
  await ports.state.write(async (queries) => {
    const name = await endAccessToken(queries, personId, id);
    if (name === undefined) throw refuse(peopleRefusals, 'no-access-token');
    await recordEvent(queries, ports, { personId, kind: 'access-token-revoked', address, detail: name });
  });
}

/** The token with its secret, which is shown this once; undefined when the person has `maxAccessTokens`. */
export async function addAccessToken(
  queries: Queries,
  random: Random,
  { personId, name, scopes, now, endsAt }: NewAccessToken,
): Promise<MadeAccessToken | undefined> {
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

export async function findAccessToken(
  queries: Queries,
  token: string,
  rules: SessionRules,
  now: number,
): Promise<FoundAccessToken | undefined> {
  const row = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_access_token as token')
    .innerJoin('person', 'person.id', 'token.person_id')
    .leftJoin('person_second_factor as factor', 'factor.person_id', 'person.id')
    .select(['person.id', 'person.email', 'person.name', 'person.role', 'token.id as token_id', 'token.scopes', 'token.used_at'])
    .select('factor.confirmed_at')
    .where('token.secret_hash', '=', hashOf(token))
    .where('token.ends_at', '>', now)
    .where('person.locked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const found = { role: row.role, secondFactor: row.confirmed_at !== null };
  return {
    identity: {
      account: { id: row.id, email: row.email, name: row.name, role: row.role },
      kind: 'access-token',
      id: row.token_id,
      // Also after its owner stopped being an admin.
      scopes: scopesOf(row.scopes).filter((scope) => scopesLeft(rules, found).includes(scope)),
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
async function endAccessToken(queries: Queries, personId: string, id: string): Promise<string | undefined> {
  const gone = await queries
    .withTables<PeopleTables>()
    .deleteFrom('person_access_token')
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return gone?.name;
}

/** All but those with the ids `keep`. Resolves their names. */
export async function endAccessTokens(queries: Queries, personId: string, keep: readonly string[] = []): Promise<readonly string[]> {
  let ending = queries.withTables<PeopleTables>().deleteFrom('person_access_token').where('person_id', '=', personId);
  if (keep.length > 0) ending = ending.where('id', 'not in', keep);
  return (await ending.returning('name').execute()).map(({ name }) => name);
}

function scopesOf(text: string): readonly Scope[] {
  return text.split(' ') as Scope[];
}
