/** What the house knows of the hosts that it fetches from, so that none is asked too often. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

export type HostTables = {
  errands_host: {
    /** With the port where it is not the usual one. */
    host: string;
    /** The text of robots.txt; null when it was never read. */
    robots: string | null;
    /** `everything` when there is none, `nothing` when the host does not answer for it. */
    robots_state: 'unknown' | 'read' | 'everything' | 'nothing';
    robots_at: number;
    /** The least time between two fetches that its robots.txt asks for. */
    delay_ms: number;
    /** JSON: when fetches start that are not over yet, in order: see domain/host-starts. */
    starts: string;
    /** What `Retry-After` asked for. */
    rests_until: number;
    changed_at: number;
  };
  /** A place at a host, and the run that had it last: see visits.ts. */
  errands_visit: {
    host: string;
    place: number;
    order_id: string | null;
    generation: number | null;
    slot: number | null;
    copy: number | null;
    lease: string | null;
  };
};

export function hostTables(queries: Queries) {
  return queries.withTables<HostTables>();
}

export type HostRow = HostTables['errands_host'];

export const hostMigrations: readonly Migration[] = [{ id: 'errands-040-hosts', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`create table errands_host (
    host text primary key, robots text, robots_state text not null, robots_at bigint not null, delay_ms bigint not null,
    starts text not null, rests_until bigint not null, changed_at bigint not null,
    check (robots_state in ('unknown', 'read', 'everything', 'nothing')), check (delay_ms >= 0))`);
  await run('create index errands_host_by_age on errands_host (changed_at)');
  await run(`create table errands_visit (
    host text not null, place bigint not null, order_id text, generation bigint, slot bigint, copy bigint, lease text, primary key (host, place))`);
  await run('create table errands_preview (key text primary key, paid_until bigint not null)');
  await run('create index errands_preview_by_end on errands_preview (paid_until)');
}
