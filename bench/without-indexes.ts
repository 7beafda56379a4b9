/** Fills tables of PostgreSQL in bulk: without their keys and indexes, which are made again from all rows at once. */
import pg from 'pg';

interface Step {
  readonly drop: string;
  readonly make: string;
}

/** Keys and indexes as the migrations made them. */
const stepsOf = `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
  from pg_constraint where contype in ('p', 'u') and conrelid::regclass::text = any ($1)
  union all
  select format('drop index %I', indexname), indexdef from pg_indexes
  where tablename = any ($1) and indexname not in (select conname from pg_constraint)`;

export async function withoutIndexes(url: string, tables: readonly string[], fill: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: steps } = await client.query<Step>(stepsOf, [tables]);
    for (const { drop } of steps) await client.query(drop);
    await fill();
    await client.query("set maintenance_work_mem = '512MB'");
    for (const { make } of steps) await client.query(make);
    // As autovacuum does after a while: searches that need nothing but an index then read nothing but it.
    for (const table of tables) await client.query(`vacuum analyze ${table}`);
  } finally {
    await client.end();
  }
}
