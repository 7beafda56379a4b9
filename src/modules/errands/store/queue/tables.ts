/** The queue of runs: only those that are not done. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';

export type QueueTables = {
  /** A copy of a run that has to be fetched. */
  errands_run: {
    account_id: string;
    order_id: string;
    generation: number;
    slot: number;
    copy: number;
    /** Copies of its run, which are fetched by different miners. */
    copies: number;
    due_at: number;
    /** It can be claimed from then on: when it is due and its host is ready, or when the lease of the last claim ends. */
    visible_at: number;
    /** What is still open then fails, and is refunded. */
    fails_at: number;
    /** How often it was claimed. */
    attempts: number;
    /** Who may claim it: everybody, or only the house. */
    audience: 'anyone' | 'house';
    /** New at each claim: only its holder can complete the run. */
    lease: string | null;
    /** Who claimed it last: an account, or `house`. */
    miner_id: string | null;
    miner_network: string | null;
    /** Null before the first claim, and after its holder gave the run back. */
    claimed_at: number | null;
    /** Why the last attempt failed. */
    failure: string | null;
  };
};

export function queueTables(queries: Queries) {
  return queries.withTables<QueueTables>();
}

export type RunRow = QueueTables['errands_run'];

export const queueMigrations: readonly Migration[] = [{ id: 'errands-010-queue', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  // Each run leaves two dead rows, which a claim would pass: they are removed long before they are a fifth of the table, as is usual.
  const tidied = dialectOf(queries) === 'postgres' ? 'with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)' : '';
  await run(`create table errands_run (
    account_id text not null, order_id text not null, generation bigint not null, slot bigint not null, copy bigint not null,
    copies bigint not null, due_at bigint not null, visible_at bigint not null, fails_at bigint not null, attempts bigint not null, audience text not null,
    lease text, miner_id text, miner_network text, claimed_at bigint, failure text,
    primary key (order_id, generation, slot, copy),
    check (slot > 0), check (copy between 1 and copies), check (copies between 1 and 3), check (attempts >= 0), check (audience in ('anyone', 'house')),
    check ((lease is null) = (miner_id is null))) ${tidied}`);
  await run('create index errands_run_by_visibility on errands_run (audience, visible_at)');
  await run('create index errands_run_by_end on errands_run (fails_at)');
}
