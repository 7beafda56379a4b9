/** Many rows in one statement whose text never changes: a JSON array for SQLite, one array a column for PostgreSQL. */
import { type RawBuilder, sql } from 'kysely';
import { BrokenInvariant } from '../errors.ts';
import type { Dialect } from '../ports/state.ts';

/** The types that columns of a row set may have. */
export type ColumnType = 'bigint' | 'double precision' | 'text' | 'bytea';

export type RowColumns = Readonly<Record<string, ColumnType>>;

type ValueOf<Type extends ColumnType> = Type extends 'text' ? string : Type extends 'bytea' ? Uint8Array : number;
/** Every value may be null. */
export type RowOf<Columns extends RowColumns> = { readonly [Name in keyof Columns]: ValueOf<Columns[Name]> | null };

/**
 * A row source for `insert into t (a, b) ${rowsFrom(…)}`: selects the columns in the order they are named.
 * `where true` ends it, so that an `on conflict` clause may follow (SQLite's grammar needs it).
 */
export function rowsFrom<Columns extends RowColumns>(
  dialect: Dialect,
  columns: Columns,
  rows: readonly RowOf<Columns>[],
): RawBuilder<unknown> {
  const names = Object.keys(columns);
  if (dialect === 'postgres') {
    const arrays = names.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(columns[name] ?? '')}[]`);
    return sql`select ${sql.join(names.map((name) => sql.ref(name)))} from unnest(${sql.join(arrays)}) as input(${sql.join(names.map((name) => sql.ref(name)))}) where true`;
  }
  const json = JSON.stringify(rows.map((row) => names.map((name) => plain(row[name], columns[name]))));
  const picks = names.map((name, index) => {
    const value = sql`value ->> ${sql.lit(`$[${index}]`)}`;
    return columns[name] === 'bytea' ? sql`unhex(${value}) as ${sql.ref(name)}` : sql`${value} as ${sql.ref(name)}`;
  });
  return sql`select ${sql.join(picks)} from json_each(${json}) where true`;
}

function plain(value: unknown, type: ColumnType | undefined): unknown {
  if (value === null) return null;
  if (type === 'bytea') {
    if (!(value instanceof Uint8Array)) throw new BrokenInvariant('a bytea column takes bytes');
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex');
  }
  if (type !== 'text' && !Number.isFinite(value)) throw new BrokenInvariant(`not a number: ${String(value)}`);
  return value;
}
