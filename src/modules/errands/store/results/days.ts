/**
 * Results and answers are kept by day. On PostgreSQL a day is a partition, made ahead and dropped whole; on SQLite the rows of old days
 * are deleted in batches. Pages in the lake go after them.
 */

import { sql } from 'kysely';
import type { Lake } from '#core/ports/lake.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { dayOf } from '../../domain/days.ts';
import { bodiesFolder, dayFolder } from './bodies.ts';
import { dayName } from './day-name.ts';
import { resultTables } from './tables.ts';

type DayPorts = Pick<Ports, 'state' | 'clock' | 'log'> & { readonly lake: Pick<Lake, 'list' | 'remove'> };

/** Partitions made ahead. */
const daysAhead = 7;
/** Answers may be settled a day after they were given, and laws look at them a while. */
const minAnswerDays = 3;
const rowsAtOnce = 500;
const filesAtOnce = 200;
/** Of files; then other work gets its turn. */
const pagesAtOnce = 50;
const lockTimeoutMs = 2_000;

const tables = ['errands_result', 'errands_answer'] as const;
type Table = (typeof tables)[number];

/** Resolves to whether there is more to remove. */
export async function keepDays(ports: DayPorts, keptDays: number): Promise<boolean> {
  const { state, clock } = ports;
  const today = dayOf(clock.now());
  const firstKept = { errands_result: today - keptDays, errands_answer: today - Math.max(keptDays, minAnswerDays) };
  // Pages of orders that seldom change stay with a result that is kept.
  let more = await state.write((queries) => carryPagesOver(queries, firstKept.errands_result));
  if (more) return true;
  for (const table of tables) more = (await removeDays(ports, table, firstKept[table], today)) || more;
  return (await removePages(ports, firstKept.errands_result)) || more;
}

async function removeDays({ state, log }: DayPorts, table: Table, firstKept: number, today: number): Promise<boolean> {
  const partitions = await state.read(async (queries) => (dialectOf(queries) === 'postgres' ? partitionsOf(queries, table) : undefined));
  if (partitions === undefined) return state.write((queries) => deleteRows(queries, table, firstKept, table));
  for (let day = today; day <= today + daysAhead; day += 1) {
    if (!partitions.has(day)) await state.write((queries) => makePartition(queries, table, day));
  }
  for (const day of partitions) {
    if (day >= firstKept) continue;
    const dropped = await state.write((queries) => dropPartition(queries, table, day));
    if (!dropped) log.warn({ table, day: dayName(day) }, 'a day of answers is kept: some are not settled yet');
  }
  // Rows of days that had no partition.
  return state.write((queries) => deleteRows(queries, `${table}_rest`, firstKept, table));
}

function partitionName(table: Table, day: number): string {
  return `${table}_${dayName(day).replaceAll('-', '')}`;
}

/** The days that have a partition. */
async function partitionsOf(queries: Queries, table: Table): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class join pg_inherits on pg_inherits.inhrelid = pg_class.oid
    where pg_inherits.inhparent = ${table}::regclass`.execute(queries);
  const days = rows.flatMap(({ name }) => {
    const [, year, month, day] = /_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
    return year === undefined ? [] : [dayOf(Temporal.Instant.from(`${year}-${month}-${day}T00:00Z`).epochMilliseconds)];
  });
  return new Set(days);
}

/** Attached afterwards, so that readers and writers of the table are not held up. Rows that are there already stay where they are. */
async function makePartition(queries: Queries, table: Table, day: number): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`set local lock_timeout = '${lockTimeoutMs}ms'`);
  // One at a time, of all instances.
  await run(`select pg_advisory_xact_lock(hashtext('errands-days'))`);
  if ((await partitionsOf(queries, table)).has(day)) return;
  const { rows } = await sql.raw(`select 1 from ${table}_rest where day = ${day} limit 1`).execute(queries);
  if (rows.length > 0) return;
  const name = partitionName(table, day);
  await run(`create table ${name} (like ${table} including all)`);
  await run(`alter table ${table} attach partition ${name} for values from (${day}) to (${day + 1})`);
}

/** False when answers of the day are still to be paid. */
async function dropPartition(queries: Queries, table: Table, day: number): Promise<boolean> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`set local lock_timeout = '${lockTimeoutMs}ms'`);
  const name = partitionName(table, day);
  if (table === 'errands_answer') {
    const { rows } = await run(`select 1 from ${name} where payment = 'pending' limit 1`);
    if (rows.length > 0) return false;
  }
  await run(`drop table if exists ${name}`);
  return true;
}

/** True when there may be more. */
async function deleteRows(queries: Queries, from: string, firstKept: number, table: Table): Promise<boolean> {
  const id = dialectOf(queries) === 'postgres' ? 'ctid' : 'rowid';
  const settled = table === 'errands_answer' ? `and payment <> 'pending'` : '';
  const { numAffectedRows } = await sql
    .raw(
      `delete from ${from} where ${id} in (select ${id} from ${from} where day < ${firstKept} ${settled} order by day limit ${rowsAtOnce})`,
    )
    .execute(queries);
  return Number(numAffectedRows ?? 0) >= rowsAtOnce;
}

/**
 * The page that an order had last is kept with a result of an old day where nothing has changed since: it moves on to the first
 * result that is kept. True when there may be more.
 */
async function carryPagesOver(queries: Queries, firstKept: number): Promise<boolean> {
  const { rows } = await sql<{ order_id: string; number: number; heir: number }>`
    select old.order_id, old.number, (
        select min(kept.number) from errands_result kept where kept.order_id = old.order_id and kept.number > old.number and kept.day >= ${firstKept}
      ) as heir
    from errands_result old
    where old.day < ${firstKept} and (old.body is not null or old.body_path is not null)
      and not exists (
        select 1 from errands_result later
        where later.order_id = old.order_id and later.number > old.number and (later.body is not null or later.body_path is not null)
          and later.number <= (
            select min(kept.number) from errands_result kept where kept.order_id = old.order_id and kept.number > old.number and kept.day >= ${firstKept}))
      and exists (
        select 1 from errands_result kept where kept.order_id = old.order_id and kept.number > old.number and kept.day >= ${firstKept})
    limit ${rowsAtOnce}`.execute(queries);
  for (const { order_id, number, heir } of rows) {
    await sql`update errands_result set (body, body_path) = (
        select old.body, old.body_path from errands_result old where old.order_id = ${order_id} and old.number = ${number}
      ) where order_id = ${order_id} and number = ${heir}`.execute(queries);
  }
  return rows.length >= rowsAtOnce;
}

/** Of folders of old days; a page that a result still has stays. True when there may be more. */
async function removePages({ state, lake }: DayPorts, firstKept: number): Promise<boolean> {
  // A page is stored before its result, which may be of the day before.
  const end = dayFolder(firstKept - 1);
  let after: string | undefined;
  for (let page = 0; page < pagesAtOnce; page += 1) {
    const files = await lake.list(bodiesFolder, { after, limit: filesAtOnce });
    const old = files.map(({ path }) => path).filter((path) => path < end);
    if (old.length > 0) await removeUnused(state, lake, old);
    if (old.length < filesAtOnce) return false;
    after = old.at(-1);
  }
  return true;
}

async function removeUnused(state: DayPorts['state'], lake: DayPorts['lake'], paths: readonly string[]): Promise<void> {
  const used = await state.read((queries) =>
    resultTables(queries)
      .selectFrom('errands_result')
      .select('body_path')
      .where(isAmong(queries, 'body_path', paths))
      .execute(),
  );
  const kept = new Set(used.map(({ body_path }) => body_path));
  for (const path of paths) if (!kept.has(path)) await lake.remove(path);
}
