/** Sessions: who is logged in where. The secret is only in the browser's cookie; the State has its hash. */
import type { Account, Identity } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { maxSessions } from '../../domain/limits.ts';
import { hashOf, newSecret } from '../../domain/secrets.ts';
import { type SessionLimits, type SessionRules, scopesLeft, type Whereabouts } from '../../domain/sessions.ts';
import { peopleRefusals } from '../../refusals.ts';
import { recordEvent } from '../accounts/events.ts';
import type { PeopleTables } from '../tables.ts';

export interface OpenedSession {
  readonly id: string;
  /** For the cookie; it is stored nowhere. */
  readonly secret: string;
  /** At most, however much it is used. */
  readonly lifeMs: number;
}

export interface SessionView extends Whereabouts {
  readonly id: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly endsAt: number;
}

/** `seen_at` is written at most this often. */
const touchMs = 60_000;
const maxAgentLength = 200;

/** With a new secret: a cookie that was planted in the browser is of no use. */
export async function openSession(
  queries: Queries,
  random: Random,
  { personId, now, rules, from }: { personId: string; now: number; rules: SessionLimits; from: Whereabouts },
): Promise<OpenedSession> {
  const tables = queries.withTables<PeopleTables>();
  const secret = newSecret(random);
  const id = random.id();
  await tables
    .insertInto('person_session')
    .values({
      id,
      secret_hash: hashOf(secret),
      person_id: personId,
      created_at: now,
      seen_at: now,
      ends_at: now + rules.longestMs,
      address: from.address,
      agent: from.agent.slice(0, maxAgentLength),
    })
    .execute();
  const kept = tables
    .selectFrom('person_session')
    .select('id')
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .limit(maxSessions);
  await tables.deleteFrom('person_session').where('person_id', '=', personId).where('id', 'not in', kept).where('id', '<>', id).execute();
  return { id, secret, lifeMs: rules.longestMs };
}

export interface FoundSession {
  readonly identity: Identity;
  /** Its last use is to be written down again. */
  readonly stale: boolean;
}

export async function findSession(queries: Queries, secret: string, rules: SessionRules, now: number): Promise<FoundSession | undefined> {
  const row = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_session')
    .innerJoin('person', 'person.id', 'person_session.person_id')
    .leftJoin('person_second_factor as factor', 'factor.person_id', 'person.id')
    .select(['person.id', 'person.email', 'person.name', 'person.role', 'person_session.id as session_id', 'person_session.seen_at'])
    .select('factor.confirmed_at')
    .where('person_session.secret_hash', '=', hashOf(secret))
    .where('person_session.ends_at', '>', now)
    .where('person.locked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const account: Account = { id: row.id, email: row.email, name: row.name, role: row.role };
  const found = { role: row.role, secondFactor: row.confirmed_at !== null };
  const { idleMs } = rules[account.role];
  if (row.seen_at <= now - idleMs) return undefined;
  return {
    identity: { account, kind: 'session', id: row.session_id, scopes: scopesLeft(rules, found) },
    stale: row.seen_at <= now - Math.min(touchMs, idleMs / 2),
  };
}

export async function touchSession(queries: Queries, id: string, now: number): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person_session').set({ seen_at: now }).where('id', '=', id).execute();
}

/** Those that have not ended, newest first. */
export async function listSessions(
  queries: Queries,
  { id, role }: Pick<Account, 'id' | 'role'>,
  rules: SessionRules,
  now: number,
): Promise<readonly SessionView[]> {
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_session')
    .selectAll()
    .where('person_id', '=', id)
    .where('ends_at', '>', now)
    .where('seen_at', '>', now - rules[role].idleMs)
    .orderBy('created_at', 'desc')
    .limit(maxSessions)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    agent: row.agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    endsAt: row.ends_at,
  }));
}

/** False when the person has no such session. */
export async function endSession(queries: Queries, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await queries
    .withTables<PeopleTables>()
    .deleteFrom('person_session')
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

type SessionPorts = Pick<Ports, 'state' | 'clock' | 'random'>;

/** Logs the account of `identity` out in one other place, or here. */
export async function revokeSession(ports: SessionPorts, { account }: Identity, id: string, address: string): Promise<void> {
  await ports.state.write(async (queries) => {
    if (!(await endSession(queries, account.id, id))) throw refuse(peopleRefusals, 'no-session');
    await recordEvent(queries, ports, { personId: account.id, kind: 'session-revoked', address });
  });
}

/** Logs the account of `identity` out everywhere else. */
export async function revokeOtherSessions(ports: SessionPorts, { account, id }: Identity, address: string): Promise<void> {
  await ports.state.write(async (queries) => {
    const ended = await endSessions(queries, account.id, id);
    if (ended === 0) return;
    await recordEvent(queries, ports, { personId: account.id, kind: 'session-revoked', address, detail: `${ended} others` });
  });
}

/** Resolves how many there were. */
export async function endSessions(queries: Queries, personId: string, except?: string): Promise<number> {
  let ending = queries.withTables<PeopleTables>().deleteFrom('person_session').where('person_id', '=', personId);
  if (except !== undefined) ending = ending.where('id', '<>', except);
  const { numDeletedRows } = await ending.executeTakeFirst();
  return Number(numDeletedRows);
}

/** Ends the session of a cookie. */
export async function endSessionOf(queries: Queries, secret: string): Promise<void> {
  await queries.withTables<PeopleTables>().deleteFrom('person_session').where('secret_hash', '=', hashOf(secret)).execute();
}
