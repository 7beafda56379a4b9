/** Which manifests of hours are in the lake, and which hours changed since theirs was written. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { type AccessTables, accessTables, type LakeFileRow } from './tables.ts';

export type ManifestRow = AccessTables['flights_manifest'];

const hoursAtOnce = 100;

/**
 * Hours before `before` whose files are not those of their manifest. Landing adds rows and merging takes files away, so that no
 * two states of an hour have the same numbers of both.
 */
export async function hoursToList(state: State, before: number): Promise<readonly number[]> {
  return state.read(async (queries) => {
    const { rows } = await sql<{ hour: number }>`select there.hour from (
        select hour, count(*) as files, sum(rows) as rows from flights_file where replaced_at is null and hour < ${before} group by hour
      ) there
      left join flights_manifest manifest on manifest.hour = there.hour and manifest.files = there.files and manifest.rows = there.rows
      where manifest.hour is null order by there.hour limit ${hoursAtOnce}`.execute(queries);
    return rows.map(({ hour }) => hour);
  });
}

/** The files of an hour that count, and its manifest, at one moment. */
export async function readHour(state: State, hour: number): Promise<{ files: readonly LakeFileRow[]; manifest: ManifestRow | undefined }> {
  return state.read(async (queries) => {
    const tables = accessTables(queries);
    const files = tables.selectFrom('flights_file').selectAll().where('hour', '=', hour).where('replaced_at', 'is', null);
    const manifest = tables.selectFrom('flights_manifest').selectAll().where('hour', '=', hour);
    return { files: await files.orderBy('path').execute(), manifest: await manifest.executeTakeFirst() };
  });
}

/** Nothing happens when another process has stored one after `before`. */
export async function storeManifest(state: State, before: ManifestRow | undefined, next: ManifestRow): Promise<void> {
  await state.write(async (queries) => {
    const tables = accessTables(queries);
    if (before === undefined) {
      await tables
        .insertInto('flights_manifest')
        .values(next)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    } else
      await tables.updateTable('flights_manifest').set(next).where('hour', '=', next.hour).where('version', '=', before.version).execute();
  });
}

/** Manifests of which older versions may still be in the lake. */
export async function readOutdated(state: State): Promise<readonly ManifestRow[]> {
  return state.read((queries) =>
    accessTables(queries)
      .selectFrom('flights_manifest')
      .selectAll()
      .whereRef('oldest', '<', 'version')
      .orderBy('hour')
      .limit(hoursAtOnce)
      .execute(),
  );
}

export async function forgetOutdated(state: State, { hour, version }: ManifestRow): Promise<void> {
  await state.write((queries: Queries) =>
    accessTables(queries)
      .updateTable('flights_manifest')
      .set({ oldest: version })
      .where('hour', '=', hour)
      .where('version', '=', version)
      .execute(),
  );
}
