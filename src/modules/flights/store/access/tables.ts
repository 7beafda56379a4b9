/** Tables of the log of accesses, from the handler to the lake. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

export type AccessTables = {
  /** Secrets that all instances share. */
  flights_key: { name: string; value: string };
  /** Numbers given to accesses by the processes that emit them: up to `confirmed` they are on the stream, up to `intended` they may be. */
  flights_emitted: { partition: string; confirmed: number; intended: number };
  /** How far a partition is in the lake. `expired` rows are no longer there. */
  flights_landed: { partition: string; position: number; rows: number; expired: number; plan: string | null };
  /** One row: the first hour whose accesses are still in the lake. */
  flights_expiry: { id: number; kept_from: number };
  /** The files of the lake. `hour` is counted since 1970; `replaced_at` is when a merged file took its place: it no longer counts. */
  flights_file: {
    path: string;
    hour: number;
    partition: string;
    first: number;
    last: number;
    rows: number;
    bytes: number;
    sha256: string;
    landed_at: number;
    replaced_at: number | null;
  };
  /** Merges of files of one hour and partition, stored before `path` is written. `sources` is a list of paths. */
  flights_merge: { path: string; hour: number; partition: string; sources: string };
  /** The newest manifest of each hour: it lists so many files with so many rows. Versions from `oldest` may still be in the lake. */
  flights_manifest: { hour: number; version: number; oldest: number; files: number; rows: number; sha256: string };
};

export type LakeFileRow = AccessTables['flights_file'];

export function accessTables(queries: Queries) {
  return queries.withTables<AccessTables>();
}

export const accessMigrations: readonly Migration[] = [{ id: 'flights-020-accesses', up: createTables }];
export const lakeUpkeepMigrations: readonly Migration[] = [{ id: 'flights-022-lake-upkeep', up: createUpkeepTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run('create table flights_key (name text primary key, value text not null)');
  await run(`create table flights_emitted (
    partition text primary key, confirmed bigint not null, intended bigint not null, check (0 <= confirmed and confirmed <= intended))`);
  await run(`create table flights_landed (
    partition text primary key, position bigint not null, rows bigint not null, expired bigint not null, plan text,
    check (rows = position), check (expired between 0 and rows))`);
  await run('create table flights_expiry (id bigint primary key check (id = 1), kept_from bigint not null)');
  await run(`create table flights_file (
    path text primary key, hour bigint not null, partition text not null, first bigint not null, last bigint not null,
    rows bigint not null, bytes bigint not null, sha256 text not null, landed_at bigint not null, replaced_at bigint,
    check (first > 0), check (last >= first), check (rows between 1 and last - first + 1))`);
  await run('create index flights_file_by_hour on flights_file (hour, partition, first)');
  await run('create index flights_file_replaced on flights_file (replaced_at) where replaced_at is not null');
}

async function createUpkeepTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run('create table flights_merge (path text primary key, hour bigint not null, partition text not null, sources text not null)');
  await run('create unique index flights_merge_by_place on flights_merge (hour, partition)');
  await run(`create table flights_manifest (
    hour bigint primary key, version bigint not null, oldest bigint not null, files bigint not null, rows bigint not null, sha256 text not null,
    check (oldest between 1 and version))`);
}
