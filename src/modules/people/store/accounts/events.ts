/** The audit trail: what happened to accounts, for their owners and for admins. Rows are only ever added, and removed by age. */
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import type { PeopleTables } from '../tables.ts';

export const eventKinds = [
  'account-opened',
  'logged-in',
  'login-refused',
  'logged-out',
  'session-revoked',
  'letter-asked',
  'password-changed',
  'password-reset',
  'second-factor-on',
  'second-factor-off',
  'recovery-codes-made',
  'recovery-code-used',
  'access-token-made',
  'access-token-revoked',
  'role-changed',
  'account-locked',
  'account-unlocked',
  'signing-key-made',
] as const;
export type EventKind = (typeof eventKinds)[number];

interface SecurityEvent {
  readonly id: string;
  readonly at: number;
  /** Null where it belongs to no account: a login with an address that nobody has. */
  readonly accountId: string | null;
  readonly kind: EventKind;
  /** The network address it came from, or `kontor` for a command on the house's own machine. */
  readonly address: string;
  /** In a few words, such as the name of a token or who did it; never a secret. */
  readonly detail: string;
}

export interface EventPage {
  readonly events: readonly SecurityEvent[];
  /** To send as `before` for the next page; null on the last. */
  readonly next: string | null;
}

export async function recordEvent(
  queries: Queries,
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
  event: { readonly personId: string | null; readonly kind: EventKind; readonly address: string; readonly detail?: string },
): Promise<void> {
  const { personId, kind, address, detail = '' } = event;
  await queries
    .withTables<PeopleTables>()
    .insertInto('person_event')
    .values({ id: random.id(), at: clock.now(), person_id: personId, kind, address, detail })
    .execute();
}

/** Newest first; of one account, or of all. `before` is the `next` of the page before. */
export async function listEvents(
  queries: Queries,
  { personId, before, limit }: { readonly personId: string | undefined; readonly before: string | undefined; readonly limit: number },
): Promise<EventPage> {
  let wanted = queries.withTables<PeopleTables>().selectFrom('person_event').selectAll();
  if (personId !== undefined) wanted = wanted.where('person_id', '=', personId);
  const [at, id] = before?.split('-') ?? [];
  if (at !== undefined && id !== undefined) {
    wanted = wanted.where((where) =>
      where.or([where('at', '<', Number(at)), where.and([where('at', '=', Number(at)), where('id', '<', id)])]),
    );
  }
  const rows = await wanted
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map((row) => ({
      id: row.id,
      at: row.at,
      accountId: row.person_id,
      kind: row.kind as EventKind,
      address: row.address,
      detail: row.detail,
    })),
    next: last !== undefined && rows.length > limit ? `${last.at}-${last.id}` : null,
  };
}

/** Removes what is older than a year, a bounded number a call; resolves how many went. */
export async function pruneEvents(queries: Queries, now: number, limit: number): Promise<number> {
  const tables = queries.withTables<PeopleTables>();
  const old = tables
    .selectFrom('person_event')
    .select('id')
    .where('at', '<', now - keepMs)
    .limit(limit);
  const { numDeletedRows } = await tables.deleteFrom('person_event').where('id', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

const keepMs = 365 * 86_400_000;
