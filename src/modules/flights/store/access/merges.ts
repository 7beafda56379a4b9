/**
 * Small files of an hour become a larger one: the merge is stored before its file is written, and the file counts from the
 * transaction in which the others stop to. An hour and partition has one merge at a time.
 */
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { accessPath } from '../../domain/lake-paths.ts';
import { accessTables, type LakeFileRow } from './tables.ts';

/** More are merged in several steps. */
const maxSources = 500;

export interface MergeRules {
  /** Only files of hours before this one. */
  readonly before: number;
  /** A merged file has at most as many bytes as this, as far as its sources tell. */
  readonly maxBytes: number;
}

export interface Merge {
  readonly path: string;
  readonly hour: number;
  readonly partition: string;
  readonly sources: readonly string[];
}

/** The first one that is planned, or plans the first one from the hour `from` on; undefined when all files are merged. */
export async function nextMerge(state: State, { before, maxBytes }: MergeRules, from: number): Promise<Merge | undefined> {
  const found = await state.read(async (queries) => {
    const planned = await accessTables(queries)
      .selectFrom('flights_merge')
      .selectAll()
      .orderBy('hour')
      .orderBy('partition')
      .executeTakeFirst();
    if (planned !== undefined) return { planned };
    return { place: await firstPlace(queries, { before, maxBytes }, from) };
  });
  if (found.planned !== undefined) return mergeOf(found.planned);
  const { place } = found;
  return place === undefined ? undefined : state.write((queries) => planMerge(queries, place, maxBytes));
}

interface Place {
  readonly hour: number;
  readonly partition: string;
}

/** Where two files follow each other that are together small enough. */
async function firstPlace(queries: Queries, { before, maxBytes }: MergeRules, from: number): Promise<Place | undefined> {
  const { rows } = await sql<Place>`select hour, partition from (
      select hour, partition, bytes + lead(bytes) over (partition by hour, partition order by first) as both_bytes
      from flights_file where replaced_at is null and hour >= ${from} and hour < ${before}
    ) pair
    where both_bytes <= ${maxBytes} order by hour, partition limit 1`.execute(queries);
  return rows[0];
}

async function planMerge(queries: Queries, { hour, partition }: Place, maxBytes: number): Promise<Merge | undefined> {
  const tables = accessTables(queries);
  const files = await tables
    .selectFrom('flights_file')
    .selectAll()
    .where('hour', '=', hour)
    .where('partition', '=', partition)
    .where('replaced_at', 'is', null)
    .orderBy('first')
    .execute();
  const sources = firstGroup(files, maxBytes);
  const [first, last] = [sources[0]?.first, sources.at(-1)?.last];
  if (first === undefined || last === undefined) return undefined;
  const merge = { path: accessPath(hour, { partition, first, last }), hour, partition, sources: sources.map(({ path }) => path) };
  await tables
    .insertInto('flights_merge')
    .values({ path: merge.path, hour, partition, sources: JSON.stringify(merge.sources) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = tables.selectFrom('flights_merge').selectAll().where('hour', '=', hour).where('partition', '=', partition);
  return mergeOf(await stored.executeTakeFirstOrThrow());
}

/** The first files that follow each other and are together small enough: two or more, or none. */
function firstGroup(files: readonly LakeFileRow[], maxBytes: number): readonly LakeFileRow[] {
  for (let start = 0; start + 1 < files.length; start += 1) {
    const group: LakeFileRow[] = [];
    let bytes = 0;
    for (const file of files.slice(start, start + maxSources)) {
      bytes += file.bytes;
      if (bytes > maxBytes) break;
      group.push(file);
    }
    if (group.length > 1) return group;
  }
  return [];
}

function mergeOf({ path, hour, partition, sources }: { path: string; hour: number; partition: string; sources: string }): Merge {
  return { path, hour, partition, sources: JSON.parse(sources) as readonly string[] };
}

/** The files to merge in their order; undefined when one of them no longer counts. */
export async function readSources(state: State, { sources }: Merge): Promise<readonly LakeFileRow[] | undefined> {
  const files = await state.read((queries) =>
    accessTables(queries)
      .selectFrom('flights_file')
      .selectAll()
      .where(isAmong(queries, 'path', sources))
      .where('replaced_at', 'is', null)
      .orderBy('first')
      .execute(),
  );
  return files.length === sources.length ? files : undefined;
}

/** From now on the merged file counts, and its sources no longer do. False when the merge was done or given up by another. */
export async function finishMerge(state: State, merge: Merge, file: LakeFileRow): Promise<boolean> {
  return state.write(async (queries) => {
    if (!(await dropMerge(queries, merge))) return false;
    const tables = accessTables(queries);
    const { numUpdatedRows } = await tables
      .updateTable('flights_file')
      .set({ replaced_at: file.landed_at })
      .where(isAmong(queries, 'path', merge.sources))
      .where('replaced_at', 'is', null)
      .executeTakeFirst();
    // Nothing is stored: the next attempt finds that they expired, and gives up.
    if (numUpdatedRows !== BigInt(merge.sources.length)) throw new KontorError('unavailable', `files of ${merge.path} expired meanwhile`);
    await tables.insertInto('flights_file').values(file).execute();
    return true;
  });
}

export async function giveUpMerge(state: State, merge: Merge): Promise<void> {
  await state.write((queries) => dropMerge(queries, merge));
}

async function dropMerge(queries: Queries, { path }: Merge): Promise<boolean> {
  const { numDeletedRows } = await accessTables(queries).deleteFrom('flights_merge').where('path', '=', path).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Whether the State has a file of this path, or plans one. */
export async function isFile(state: State, path: string): Promise<boolean> {
  const found = await state.read(
    async (queries) =>
      (await accessTables(queries).selectFrom('flights_file').select('path').where('path', '=', path).executeTakeFirst()) ??
      (await accessTables(queries).selectFrom('flights_merge').select('path').where('path', '=', path).executeTakeFirst()),
  );
  return found !== undefined;
}

/** Files that were replaced before a moment, at most 500. */
export async function readReplaced(state: State, before: number): Promise<readonly string[]> {
  const rows = await state.read((queries) =>
    accessTables(queries).selectFrom('flights_file').select('path').where('replaced_at', '<', before).orderBy('path').limit(500).execute(),
  );
  return rows.map(({ path }) => path);
}

export async function forgetReplaced(state: State, paths: readonly string[]): Promise<void> {
  await state.write((queries) =>
    accessTables(queries)
      .deleteFrom('flights_file')
      .where(isAmong(queries, 'path', paths))
      .where('replaced_at', 'is not', null)
      .execute(),
  );
}
