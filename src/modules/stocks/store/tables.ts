/** The market's own tables in the State. (Batches and bars are in the Results.) */
import { type Kysely, sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

type StocksTables = {
  stocks_setting: { name: string; value: string; changed_at: number };
  stocks_request: { key: string; body_hash: string; answer: string; created_at: number };
  stocks_outside_company: { company: string; first_at: number; retired_at: number | null };
  stocks_replay: { id: string; total: number; done: number; started_at: number; changed_at: number };
  stocks_watched: { account_id: string; company: string; at: number };
  /** `batch` is null once the broker has confirmed the acknowledgement of the last batch. */
  stocks_bridge: { company: string; session: string; batch: string | null; count: number; hash: string };
};

export function stocksTables(queries: Queries): Kysely<StocksTables> {
  return queries.withTables<StocksTables>();
}

export const stocksMigrations: readonly Migration[] = [
  migration('stocks-001-settings', [
    'create table stocks_setting (name text primary key, value text not null, changed_at bigint not null)',
  ]),
  migration('stocks-101-intake', [
    'create table stocks_request (key text primary key, body_hash text not null, answer text not null, created_at bigint not null)',
    'create index stocks_request_by_age on stocks_request (created_at)',
    'create table stocks_outside_company (company text primary key, first_at bigint not null)',
  ]),
  migration('stocks-102-replay', [
    `create table stocks_replay (id text primary key, total bigint not null, done bigint not null, started_at bigint not null,
       changed_at bigint not null)`,
  ]),
  migration('stocks-103-retired', ['alter table stocks_outside_company add column retired_at bigint']),
  migration('stocks-201-bridge', [
    'create table stocks_bridge (company text primary key, session text not null, batch text, count bigint not null, hash text not null)',
  ]),
  migration('stocks-301-watched', [
    'create table stocks_watched (account_id text not null, company text not null, at bigint not null, primary key (account_id, company))',
  ]),
];

function migration(id: string, statements: readonly string[]): Migration {
  return {
    id,
    async up(queries) {
      for (const statement of statements) await sql.raw(statement).execute(queries);
    },
  };
}
