/** Miners, their machines and audits, as types and as a migration. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { MinerState } from '../../domain/trust/reputation.ts';

export type TrustTables = {
  /** An account that fetches. `valid_in_row` counts audited answers without a refused one between them. */
  errands_miner: {
    account_id: string;
    state: MinerState;
    state_reason: string | null;
    valid_in_row: number;
    /** See domain/trust/reputation.ts. */
    doubt: number;
    /** More than 0 when he is shut out, and has answers that are neither paid nor refused: raised with each, so that none is forgotten. */
    to_clear: number;
    answered: number;
    audited: number;
    refused: number;
    first_at: number;
    last_at: number;
  };
  /** Coins that miners were paid. Apart from what answers change, so that paying does not wait for them. */
  errands_earning: { account_id: string; coins: number };
  errands_machine: {
    account_id: string;
    /** Chosen by the client, and kept by it. */
    name: string;
    version: string;
    network: string;
    concurrency: number;
    pages: number;
    failures: number;
    last_at: number;
  };
  /** An answer that the house checks: it is not settled before. */
  errands_audit: {
    account_id: string;
    order_id: string;
    generation: number;
    slot: number;
    copy: number;
    miner_id: string;
    content_key: string;
    answered_at: number;
    visible_at: number;
    attempts: number;
    lease: string | null;
  };
  /** A page that only the house knows: an answer without its nonce was made up. */
  errands_gold: {
    /** In its address. */
    token: string;
    nonce: string;
    order_id: string;
    made_at: number;
  };
};

export function trustTables(queries: Queries) {
  return queries.withTables<TrustTables>();
}

export type MinerRow = TrustTables['errands_miner'];

export const trustMigrations: readonly Migration[] = [{ id: 'errands-030-trust', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`create table errands_miner (
    account_id text primary key, state text not null, state_reason text, valid_in_row bigint not null, doubt bigint not null,
    to_clear bigint not null, answered bigint not null, audited bigint not null, refused bigint not null,
    first_at bigint not null, last_at bigint not null,
    check (state in ('new', 'trusted', 'shut-out')), check (to_clear = 0 or state = 'shut-out'))`);
  await run('create index errands_miner_to_clear on errands_miner (account_id) where to_clear > 0');
  await run('create table errands_earning (account_id text primary key, coins bigint not null)');
  await run(`create table errands_machine (
    account_id text not null, name text not null, version text not null, network text not null, concurrency bigint not null,
    pages bigint not null, failures bigint not null, last_at bigint not null, primary key (account_id, name))`);
  await run('create index errands_machine_by_age on errands_machine (last_at)');
  await run(`create table errands_audit (
    account_id text not null, order_id text not null, generation bigint not null, slot bigint not null, copy bigint not null, miner_id text not null,
    content_key text not null, answered_at bigint not null, visible_at bigint not null, attempts bigint not null, lease text,
    primary key (order_id, generation, slot, copy))`);
  await run('create index errands_audit_by_visibility on errands_audit (visible_at)');
  await run('create index errands_audit_by_miner on errands_audit (miner_id)');
  await run(`create table errands_gold (
    token text primary key, nonce text not null, order_id text not null unique, made_at bigint not null)`);
  await run('create index errands_gold_by_age on errands_gold (made_at)');
}
