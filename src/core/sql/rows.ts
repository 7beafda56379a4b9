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
  const entries = Object.entries(columns);
  const names = sql.join(entries.map(([name]) => sql.ref(name)));
  if (dialect === 'postgres') {
    const arrays = entries.map(([name, type]) => sql`${rows.map((row) => fitting(row[name], name, type))}::${sql.raw(type)}[]`);
    return sql`select ${names} from unnest(${sql.join(arrays)}) as input(${names}) where true`;
  }
  const json = JSON.stringify(rows.map((row) => entries.map(([name, type]) => plain(fitting(row[name], name, type)))));
  const picks = entries.map(([name, type], index) => sql`${picked(sql`value ->> ${sql.lit(`$[${index}]`)}`, type)} as ${sql.ref(name)}`);
  return sql`select ${sql.join(picks)} from jsonb_each(${json}) where true`;
}

const fits: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  bigint: Number.isSafeInteger,
  'double precision': Number.isFinite,
  text: (value) => typeof value === 'string',
  bytea: (value) => value instanceof Uint8Array,
};

/** Refused alike in both dialects: PostgreSQL would say so itself, but SQLite would keep it as it is, or round it. */
function fitting(value: unknown, name: string, type: ColumnType): unknown {
  if (value === null || fits[type](value)) return value;
  throw new BrokenInvariant(`the ${type} column ${name} cannot hold ${String(value)}`);
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : value;
}

function picked(value: RawBuilder<unknown>, type: ColumnType): RawBuilder<unknown> {
  if (type === 'bytea') return sql`unhex(${value})`;
  // a double that happens to be whole is written like an integer, and a large one would be refused as one
  return type === 'double precision' ? sql`cast(${value} as real)` : value;
}
