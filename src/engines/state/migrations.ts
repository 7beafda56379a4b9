/** Applies migrations and records them in a table, for every SQL engine. The caller holds the lock. */
import { BrokenInvariant } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';

type MigrationTables = { kontor_migration: { id: string; applied_at: number } };

export async function applyMigrations(queries: Queries, migrations: readonly Migration[], now: number): Promise<readonly string[]> {
  refuseRepeatedIds(migrations);
  await queries.schema
    .createTable('kontor_migration')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  const missing = await missingOf(queries, migrations);
  for (const migration of migrations) {
    if (!missing.includes(migration.id)) continue;
    await migration.up(queries);
    await queries.withTables<MigrationTables>().insertInto('kontor_migration').values({ id: migration.id, applied_at: now }).execute();
  }
  return missing;
}

export async function pendingMigrations(queries: Queries, migrations: readonly Migration[]): Promise<readonly string[]> {
  const tables = await queries.introspection.getTables();
  if (!tables.some((table) => table.name === 'kontor_migration')) return migrations.map((migration) => migration.id);
  return missingOf(queries, migrations);
}

async function missingOf(queries: Queries, migrations: readonly Migration[]): Promise<readonly string[]> {
  const applied = await queries.withTables<MigrationTables>().selectFrom('kontor_migration').select('id').execute();
  const known = new Set(applied.map((row) => row.id));
  return migrations.filter((migration) => !known.has(migration.id)).map((migration) => migration.id);
}

function refuseRepeatedIds(migrations: readonly Migration[]): void {
  const ids = migrations.map((migration) => migration.id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new BrokenInvariant(`two migrations have the id ${repeated}`);
}
