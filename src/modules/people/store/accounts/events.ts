/** The audit trail: what happened to accounts, for their owners and for admins. Rows are added, and removed by age. */
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import type { EventKind, SecurityEvent } from '../../domain/events.ts';
import type { PeopleTables } from '../tables.ts';
import { namesOfAccounts } from './accounts.ts';

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

const eventCursor = pageCursor('events', ['integer', 'text']);

/** Newest first; of one account, or of all. */
export async function listEvents(
  queries: Queries,
  { accountId, limit, after }: PageRequest & { readonly accountId?: string | undefined },
): Promise<Page<SecurityEvent>> {
  let wanted = queries
    .withTables<PeopleTables>()
    .selectFrom('person_event')
    .select(['id', 'at', 'person_id as accountId', 'kind', 'address', 'detail'])
    .where(isAfter(['at', 'id'], 'desc', eventCursor.read(after)));
  if (accountId !== undefined) wanted = wanted.where('person_id', '=', accountId);
  const rows = await wanted
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ at, id }) => eventCursor.write([at, id]));
}

/** The same with the names of the accounts, for admins. */
export async function listNamedEvents(queries: Queries, query: Parameters<typeof listEvents>[1]) {
  const { items, next } = await listEvents(queries, query);
  const names = await namesOfAccounts(
    queries,
    items.flatMap(({ accountId }) => accountId ?? []),
  );
  return { events: items.map((event) => ({ ...event, accountName: names.get(event.accountId ?? '') ?? null })), next };
}
