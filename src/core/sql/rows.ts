/** Many rows in one statement whose text never changes: a JSON array for SQLite, an array per column for PostgreSQL. */
import { type RawBuilder, sql } from 'kysely';
import { BrokenInvariant } from '../errors.ts';
import { type AnyQueries, type Dialect, dialectOf } from './dialect.ts';

/** Column types of a row set. */
export type ColumnType = 'bigint' | 'double precision' | 'text' | 'bytea';

export type RowColumns = Readonly<Record<string, ColumnType>>;

type ValueOf<Type extends ColumnType> = Type extends 'text' ? string : Type extends 'bytea' ? Uint8Array : number;
/** Every value may be null. */
export type RowOf<Columns extends RowColumns> = { readonly [Name in keyof Columns]: ValueOf<Columns[Name]> | null };

/**
 * A row source for `insert into t (a, b) ${rowsFrom(…)}`: selects the columns in the order they are named.
 * It ends with `where true`, so that an `on conflict` clause may follow (SQLite's grammar needs it). Its text is made once
 * per `columns` object: keep that in a constant.
 */
export function rowsFrom<Columns extends RowColumns>(
  queries: AnyQueries,
  columns: Columns,
  rows: readonly RowOf<Columns>[],
): RawBuilder<unknown> {
  const dialect = dialectOf(queries);
  const { text, entries } = sourceOf(dialect, columns);
  if (dialect === 'postgres') return sql(text, ...entries.map(([name, type]) => arrayOf(rows, name, type)));
  return sql(text, JSON.stringify(rows.map((row) => entries.map(([name, type]) => plain(fitting(row[name], name, type))))));
}

interface Source {
  /** The text between the parameters. */
  readonly text: TemplateStringsArray;
  readonly entries: readonly (readonly [name: string, type: ColumnType])[];
}

const sources = { sqlite: new WeakMap<RowColumns, Source>(), postgres: new WeakMap<RowColumns, Source>() };

function sourceOf(dialect: Dialect, columns: RowColumns): Source {
  const known = sources[dialect].get(columns);
  if (known !== undefined) return known;
  const entries = Object.entries(columns);
  const parts = dialect === 'postgres' ? postgresParts(entries) : sqliteParts(entries);
  const source = { text: Object.assign(parts, { raw: parts }), entries };
  sources[dialect].set(columns, source);
  return source;
}

function postgresParts(entries: Source['entries']): string[] {
  const names = entries.map(([name]) => quoted(name)).join(', ');
  const casts = entries.map(([, type]) => `::${type}[]`);
  return [
    `select ${names} from unnest(`,
    ...casts.slice(0, -1).map((cast) => `${cast}, `),
    `${casts.at(-1)}) as input(${names}) where true`,
  ];
}

function sqliteParts(entries: Source['entries']): string[] {
  const picks = entries.map(([name, type], index) => `${picked(`value ->> '$[${index}]'`, type)} as ${quoted(name)}`);
  return [`select ${picks.join(', ')} from jsonb_each(`, ') where true'];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function picked(value: string, type: ColumnType): string {
  if (type === 'bytea') return `unhex(${value})`;
  // JSON writes a whole double like an integer, and a large one would be refused as an integer.
  return type === 'double precision' ? `cast(${value} as real)` : value;
}

/** Array literals are faster than the driver's conversion, which checks each value several times; bytes are left to the driver. */
function arrayOf(rows: readonly Readonly<Record<string, unknown>>[], name: string, type: ColumnType): unknown {
  const values = rows.map((row) => fitting(row[name], name, type));
  if (type === 'bytea') return values;
  return `{${values.map((value) => (typeof value === 'string' ? textElement(value) : String(value))).join(',')}}`;
}

function textElement(value: string): string {
  return `"${/["\\]/.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
}

const fits: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  bigint: Number.isSafeInteger,
  'double precision': Number.isFinite,
  text: (value) => typeof value === 'string',
  bytea: (value) => value instanceof Uint8Array,
};

/** Refuses misfits in both dialects: PostgreSQL would refuse them itself, but SQLite would store or round them. */
function fitting(value: unknown, name: string, type: ColumnType): unknown {
  if (value === null || fits[type](value)) return value;
  throw new BrokenInvariant(`the ${type} column ${name} cannot hold ${String(value)}`);
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : value;
}
