/** robots.txt of hosts, as it is kept. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { type HostRow, hostTables } from './tables.ts';

export interface UnreadHost {
  readonly host: string;
  /** Whether an order asks for it by https. */
  readonly secure: boolean;
}

/** Hosts of active orders whose robots.txt was never read, or before that time. */
export async function findUnread(queries: Queries, readBefore: number, limit: number): Promise<readonly UnreadHost[]> {
  const { rows } = await sql<{ host: string; address: string }>`select known.host, placed.address from (
      select host, (select min(id) from errands_order where errands_order.host = errands_host.host and state = 'active') as order_id
      from errands_host where robots_at <= ${readBefore} order by robots_at limit ${limit * 4}
    ) known join errands_order placed on placed.id = known.order_id limit ${limit}`.execute(queries);
  return rows.map(({ host, address }) => ({ host, secure: address.startsWith('https:') }));
}

export interface ReadRobots {
  readonly host: string;
  readonly state: Exclude<HostRow['robots_state'], 'unknown'>;
  readonly text: string | null;
  readonly delayMs: number;
  /** When it was read, for how long it is kept. */
  readonly at: number;
}

/** Hosts are locked in the order of their names. All are sent together, because schedulers wait for these hosts. */
export async function saveRobots(queries: Queries, read: readonly ReadRobots[], now: number): Promise<void> {
  const inOrder = read.toSorted((one, other) => (one.host < other.host ? -1 : 1));
  await Promise.all(
    inOrder.map(({ host, state, text, delayMs, at }) =>
      hostTables(queries)
        .updateTable('errands_host')
        .set({ robots: text?.replaceAll('\0', '') ?? null, robots_state: state, robots_at: at, delay_ms: delayMs, changed_at: now })
        .where('host', '=', host)
        .execute(),
    ),
  );
}
