/** Runs of the pricer and the prices that they made. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { Cabin } from '../../domain/cabins.ts';

export type PriceTables = {
  /** `manifest` is the hash of `reads`, which says what the run read: see `domain/manifest.ts`. */
  flights_run: {
    id: string;
    model: string;
    as_of: number;
    manifest: string;
    reads: string;
    started_at: number;
    took_ms: number;
    events: number;
    prices: number;
    changed: number;
    /** Of those changed, how many are no longer kept. */
    pruned: number;
  };
  /** One row: changes before the moment `before` are no longer kept, so many of them in all, and so many runs have none left. */
  flights_pruned: { id: number; before: number; prices: number; runs: number };
  /** One row: `routes` is a list of WatchedRoute. */
  flights_demand: { id: number; as_of: number; routes: string };
  /** `inputs` is a PriceInputs. */
  flights_price: { flight_id: string; cabin: Cabin; at: number; run_id: string; before: number; price: number; inputs: string };
};

export function priceTables(queries: Queries) {
  return queries.withTables<PriceTables>();
}

export const priceMigrations: readonly Migration[] = [{ id: 'flights-021-prices', up: createTables }];
export const pricePruningMigrations: readonly Migration[] = [{ id: 'flights-023-price-pruning', up: createPruning }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`create table flights_run (
    id text primary key, model text not null, as_of bigint not null, manifest text not null, reads text not null, started_at bigint not null,
    took_ms bigint not null, events bigint not null, prices bigint not null, changed bigint not null, check (changed > 0))`);
  await run('create index flights_run_by_age on flights_run (started_at, id)');
  await run('create table flights_demand (id bigint primary key check (id = 1), as_of bigint not null, routes text not null)');
  await run(`create table flights_price (
    flight_id text not null, cabin text not null, "at" bigint not null, run_id text not null, before bigint not null, price bigint not null,
    inputs text not null, primary key (flight_id, cabin, "at"), check (before > 0), check (price > 0), check (price <> before))`);
  await run('create index flights_price_by_age on flights_price ("at")');
  await run('create index flights_price_by_run on flights_price (run_id)');
  await run('create index flights_ticket_cancelled on flights_ticket (cancelled_at) where cancelled_at is not null');
}

async function createPruning(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run('alter table flights_run add column pruned bigint not null default 0 check (pruned between 0 and changed)');
  await run(
    'create table flights_pruned (id bigint primary key check (id = 1), before bigint not null, prices bigint not null, runs bigint not null)',
  );
}
