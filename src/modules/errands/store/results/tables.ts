/** Results and answers, as types and as a migration. On PostgreSQL both are partitioned by day, so that old days are dropped at once. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Flag } from '../orders/tables.ts';

export type ResultTables = {
  /** What became of a run: one row for each run that is no longer in the queue, and a notice for each that was withdrawn. */
  errands_result: {
    /** Days since 1970 of `due_at`, in UTC. */
    day: number;
    account_id: string;
    /** Without holes among all results of the account: the customer's client counts by it. */
    feed: number;
    order_id: string;
    /** Without holes among the results of the order. */
    number: number;
    generation: number;
    slot: number;
    outcome: 'delivered' | 'failed' | 'withdrawn';
    /** 0; or the number of the result of the same run that this notice withdraws. */
    withdraws: number;
    /** Why it failed or was withdrawn, in a word that pages translate. */
    reason: string | null;
    due_at: number;
    claimed_at: number | null;
    delivered_at: number;
    attempts: number;
    /** The account of the miner whose answer it is; null for the house and for failures. */
    miner_id: string | null;
    status: number | null;
    final_address: string | null;
    content_type: string | null;
    /** Of the page, as it was before compression. */
    bytes: number;
    /** SHA-256 of the page. */
    sha256: string | null;
    /** JSON: milliseconds by phase. */
    timings: string | null;
    value: string | null;
    /** The value, where it is a number, in millionths. */
    micros: number | null;
    /** Whether the value, or the text of the page, differs from the result before. */
    changed: Flag;
    /** The page, compressed, where it is small and was changed. */
    body: Uint8Array | null;
    /** Where it is in the lake, where it is large. */
    body_path: string | null;
  };
  /** What a miner answered to a copy of a run. Coins are paid when it is settled. */
  errands_answer: {
    day: number;
    account_id: string;
    order_id: string;
    generation: number;
    slot: number;
    copy: number;
    /** Null for the house. */
    miner_id: string | null;
    network: string | null;
    /** Of the claim: an answer that is sent again gets its first outcome. */
    lease: string;
    /** Whether others agree: `waiting` until enough copies are in. */
    verdict: 'waiting' | 'accepted' | 'refused';
    /** Why it was refused. */
    reason: string | null;
    payment: 'pending' | 'paid' | 'refunded' | 'none';
    /** What it was paid with: answers of one settlement, day and miner are one transfer. */
    settlement: string | null;
    answered_at: number;
    settles_at: number;
    /** Hash of what is compared: the value, or the text of the page. */
    content_key: string;
    /** JSON of what the result is made of; null when it was made. */
    content: string | null;
    /** The page, compressed; kept while the answer waits for others. */
    body: Uint8Array | null;
  };
};

export type ResultRow = ResultTables['errands_result'];
export type AnswerRow = ResultTables['errands_answer'];

export function resultTables(queries: Queries) {
  return queries.withTables<ResultTables>();
}

export const resultMigrations: readonly Migration[] = [{ id: 'errands-020-results', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const postgres = dialectOf(queries) === 'postgres';
  const run = (statement: string) => sql.raw(statement).execute(queries);
  const bytes = postgres ? 'bytea' : 'blob';
  const byDay = postgres ? 'partition by range (day)' : '';
  await run(`create table errands_result (
    day bigint not null, account_id text not null, feed bigint not null, order_id text not null, number bigint not null,
    generation bigint not null, slot bigint not null, outcome text not null, withdraws bigint not null default 0, reason text,
    due_at bigint not null, claimed_at bigint, delivered_at bigint not null, attempts bigint not null, miner_id text, status bigint, final_address text, content_type text,
    bytes bigint not null, sha256 text, timings text, value text, micros bigint, changed bigint not null, body ${bytes}, body_path text,
    primary key (order_id, generation, slot, withdraws, day),
    check (outcome in ('delivered', 'failed', 'withdrawn')), check (withdraws = 0 or outcome = 'withdrawn'), check (withdraws between 0 and number - 1),
    check (changed in (0, 1)), check (feed > 0), check (number > 0)) ${byDay}`);
  await run('create unique index errands_result_by_feed on errands_result (account_id, feed, day)');
  await run('create unique index errands_result_by_number on errands_result (order_id, number, day)');
  // A page that was as before is read from the result that it came with.
  const withPage = 'body is not null or body_path is not null';
  await run(`create index errands_result_with_page on errands_result (order_id, number) where ${withPage}`);
  await run('create index errands_result_by_file on errands_result (body_path) where body_path is not null');
  await run('create index errands_result_by_age on errands_result (delivered_at)');
  await run(`create table errands_answer (
    day bigint not null, account_id text not null, order_id text not null, generation bigint not null, slot bigint not null,
    copy bigint not null, miner_id text, network text, lease text not null, verdict text not null, reason text, payment text not null,
    settlement text, answered_at bigint not null, settles_at bigint not null, content_key text not null, content text, body ${bytes},
    primary key (order_id, generation, slot, copy, day),
    check (verdict in ('waiting', 'accepted', 'refused')), check (payment in ('pending', 'paid', 'refunded', 'none')),
    check ((payment = 'paid') = (settlement is not null))) ${byDay}`);
  await run(`create index errands_answer_to_settle on errands_answer (settles_at) where payment = 'pending'`);
  await run('create index errands_answer_by_miner on errands_answer (miner_id, answered_at) where miner_id is not null');
  // Where days are no partitions, the rows of old ones are found by an index.
  if (!postgres) {
    await run('create index errands_result_by_day on errands_result (day)');
    await run('create index errands_answer_by_day on errands_answer (day)');
    return;
  }
  // Rows of days that have no partition yet are not refused.
  await run('create table errands_result_rest partition of errands_result default');
  await run('create table errands_answer_rest partition of errands_answer default');
}
