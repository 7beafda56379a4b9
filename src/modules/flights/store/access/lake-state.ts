/** What the lake has of the log of accesses, as the State knows it. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import type { Plan } from './landed.ts';
import { accessTables } from './tables.ts';

export async function readPartitions(queries: Queries) {
  return accessTables(queries)
    .selectFrom('flights_landed')
    .select(['partition', 'position', 'rows', 'expired'])
    .orderBy('partition')
    .execute();
}

/** The newest first. */
export async function readHours(queries: Queries, limit: number) {
  const rows = await accessTables(queries)
    .selectFrom('flights_file')
    .select((expression) => [
      'hour',
      expression.fn.countAll<number>().as('files'),
      expression.fn.sum<number>('rows').as('rows'),
      expression.fn.sum<number>('bytes').as('bytes'),
    ])
    .where('replaced_at', 'is', null)
    .groupBy('hour')
    .orderBy('hour', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ hour, files, rows, bytes }) => ({ hour, files: Number(files), rows: Number(rows), bytes: Number(bytes) }));
}

/** All that the State knows of the lake, at one moment. */
export async function readKnown(queries: Queries) {
  const tables = accessTables(queries);
  const files = await tables.selectFrom('flights_file').selectAll().orderBy('path').execute();
  const plans = await tables.selectFrom('flights_landed').select('plan').where('plan', 'is not', null).execute();
  const merges = await tables.selectFrom('flights_merge').select('path').execute();
  return {
    files: files.filter(({ replaced_at }) => replaced_at === null),
    /** Files that do not count: replaced ones, and those that are about to be written. */
    others: [
      ...files.filter(({ replaced_at }) => replaced_at !== null).map(({ path }) => path),
      ...plans.flatMap(({ plan }) => (JSON.parse(plan ?? '') as Plan).paths),
      ...merges.map(({ path }) => path),
    ],
    manifests: await tables.selectFrom('flights_manifest').selectAll().orderBy('hour').execute(),
    partitions: await readPartitions(queries),
    keptFrom: await readKeptFrom(queries),
  };
}

export async function countsAsFile(queries: Queries, path: string): Promise<boolean> {
  const file = accessTables(queries).selectFrom('flights_file').select('path').where('path', '=', path).where('replaced_at', 'is', null);
  return (await file.executeTakeFirst()) !== undefined;
}

/** The first hour that the lake is known to have all of: earlier ones expired. */
export async function readKeptFrom(queries: Queries): Promise<number> {
  const row = await accessTables(queries).selectFrom('flights_expiry').select('kept_from').executeTakeFirst();
  return row?.kept_from ?? 0;
}

/** The State forgets files of hours before this one, at most 500 of them. Resolves their paths. */
export async function expireBefore(queries: Queries, hour: number): Promise<readonly string[]> {
  const tables = accessTables(queries);
  await tables
    .insertInto('flights_expiry')
    .values({ id: 1, kept_from: hour })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ kept_from: hour }).where('flights_expiry.kept_from', '<', hour))
    .execute();
  await tables.deleteFrom('flights_merge').where('hour', '<', hour).execute();
  await tables.deleteFrom('flights_manifest').where('hour', '<', hour).execute();
  const expired = await tables
    .selectFrom('flights_file')
    .select(['path', 'partition', 'rows', 'replaced_at'])
    .where('hour', '<', hour)
    .orderBy('path')
    .limit(500)
    .execute();
  for (const { path, partition, rows, replaced_at } of expired) {
    await tables.deleteFrom('flights_file').where('path', '=', path).execute();
    if (replaced_at === null) {
      await sql`update flights_landed set expired = expired + ${rows} where partition = ${partition}`.execute(queries);
    }
  }
  return expired.map(({ path }) => path);
}
