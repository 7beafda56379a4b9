/** Hosts as they are read and written: how often each may be asked, and when the next fetches from it start. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { HostStarts } from '../../domain/host-starts.ts';
import { robotsAllow } from '../../hosts/read-robots.ts';
import { orderTables } from '../orders/tables.ts';
import { type HostRow, hostTables } from './tables.ts';

export interface HostRules {
  /** The least time between two fetches from a host that asks for no longer one. */
  readonly delayMs: number;
  /** Hosts without a limit: those of ERRANDS_ALLOWED_HOSTS, and the house itself in a demonstration. */
  readonly allowed: readonly string[];
}

export async function findHosts(queries: Queries, hosts: readonly string[]): Promise<ReadonlyMap<string, HostRow>> {
  if (hosts.length === 0) return new Map();
  const rows = await hostTables(queries)
    .selectFrom('errands_host')
    .selectAll()
    .where(isAmong(queries, 'host', hosts))
    .execute();
  return new Map(rows.map((row) => [row.host, row]));
}

const nameColumns = { host: 'text', now: 'bigint' } as const;

/** Locked in the order of their names, and added where they are new. */
export async function lockHosts(queries: Queries, hosts: readonly string[], now: number): Promise<ReadonlyMap<string, HostRow>> {
  if (hosts.length === 0) return new Map();
  const names = [...new Set(hosts)].sort().map((host) => ({ host, now }));
  await sql`insert into errands_host (host, robots, robots_state, robots_at, delay_ms, starts, rests_until, changed_at)
    select host, null, 'unknown', 0, 0, '[]', 0, now from (${rowsFrom(queries, nameColumns, names)}) as named where true
    on conflict (host) do nothing`.execute(queries);
  const rows = await hostTables(queries)
    .selectFrom('errands_host')
    .selectAll()
    .where(
      isAmong(
        queries,
        'host',
        names.map(({ host }) => host),
      ),
    )
    .orderBy('host')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
  return new Map(rows.map((row) => [row.host, row]));
}

/** The least time between two fetches; 0 where there is none. */
export function delayOf(host: string, row: Pick<HostRow, 'delay_ms'> | undefined, { delayMs, allowed }: HostRules): number {
  return allowed.includes(host) ? 0 : Math.max(delayMs, row?.delay_ms ?? 0);
}

export interface OpenHost {
  /** When fetches from it start; locked until the transaction ends. */
  readonly starts: HostStarts;
  /** Whether its robots.txt lets errands fetch this. */
  allows(address: string): boolean;
}

/** Each host that is not the house's own. */
export async function openHosts(
  queries: Queries,
  hosts: readonly string[],
  rules: HostRules,
  now: number,
): Promise<ReadonlyMap<string, OpenHost>> {
  const rows = await lockHosts(
    queries,
    hosts.filter((host) => !rules.allowed.includes(host)),
    now,
  );
  return new Map(
    [...rows].map(([host, row]) => {
      const limits = { delayMs: delayOf(host, row, rules), restsUntil: row.rests_until, now };
      return [host, { starts: new HostStarts(JSON.parse(row.starts) as number[], limits), allows: (address) => robotsAllow(row, address) }];
    }),
  );
}

const startColumns = { host: 'text', starts: 'text', now: 'bigint' } as const;

export async function saveStarts(queries: Queries, hosts: ReadonlyMap<string, OpenHost>, now: number): Promise<void> {
  const changed = [...hosts].filter(([, { starts }]) => starts.changed);
  if (changed.length === 0) return;
  const rows = changed.map(([host, { starts }]) => ({ host, starts: JSON.stringify(starts.starts), now }));
  await sql`update errands_host set starts = saved.starts, changed_at = saved.now
    from (${rowsFrom(queries, startColumns, rows)}) as saved where errands_host.host = saved.host`.execute(queries);
}

/** Fetches a day that active orders ask of a host. */
export async function loadOf(queries: Queries, host: string): Promise<number> {
  const { sum } = await orderTables(queries)
    .selectFrom('errands_order')
    .select((row) => row.fn.coalesce(row.fn.sum<number>('load'), sql.lit(0)).as('sum'))
    .where('host', '=', host)
    .where('state', '=', sql.lit('active' as const))
    .executeTakeFirstOrThrow();
  return Number(sum);
}
