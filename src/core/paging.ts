/** Paging: every list takes `limit` and `after`, and gives `items` and `next`, an opaque cursor that is sent back as `after`. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invariant, KontorError } from './errors.ts';

/** What a list is asked for. */
export interface PageRequest {
  /** Items a page. */
  readonly limit: number;
  /** The `next` of the page before; left out for the first page. */
  readonly after?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** Whole numbers, any numbers, and text, as the columns that a list is sorted by hold them. */
export type CursorKind = 'integer' | 'number' | 'text';

type CursorValue = string | number;
/** The sort values of one row. */
export type CursorValues<Kinds extends readonly CursorKind[]> = {
  readonly [Index in keyof Kinds]: Kinds[Index] extends 'text' ? string : number;
};

export interface PageCursor<Values> {
  write(values: Values): string;
  /** Undefined for the first page. Refuses with `invalid_input` whatever `write` has not written for this list. */
  read(after: string | undefined): Values | undefined;
}

/** Characters. */
export const maxCursorLength = 2_000;
/** The first value of each cursor: raised when what follows changes, so that old ones are refused and not misread. */
const version = 1;

/**
 * The cursors of one list. `list` names it and its order, such as `orders` or `products by price`: a cursor of another
 * list or order is refused.
 */
export function pageCursor<const Kinds extends readonly CursorKind[]>(list: string, kinds: Kinds): PageCursor<CursorValues<Kinds>> {
  return {
    write(values) {
      const cursor = Buffer.from(JSON.stringify([version, list, ...(values as readonly CursorValue[])])).toString('base64url');
      invariant(cursor.length <= maxCursorLength, `a cursor of ${list} has ${cursor.length} characters`);
      return cursor;
    },
    read(after) {
      if (after === undefined) return undefined;
      const values = valuesIn(after, list);
      if (values === undefined || values.length !== kinds.length || !kinds.every((kind, index) => fits(kind, values[index]))) {
        const message = 'must be the "next" of a page of this list in the same order; leave it out for the first page';
        throw new KontorError('invalid_input', `after ${message}`, { details: [{ field: 'after', message }] });
      }
      return values as CursorValues<Kinds>;
    },
  };
}

function valuesIn(cursor: string, list: string): readonly unknown[] | undefined {
  if (cursor.length > maxCursorLength) return undefined;
  const json = Buffer.from(cursor, 'base64url').toString();
  // What is not base64url is passed over by the decoder, and what is not UTF-8 replaced: only what comes out the same was written by us.
  if (Buffer.from(json).toString('base64url') !== cursor) return undefined;
  try {
    const parsed: unknown = JSON.parse(json);
    if (!Array.isArray(parsed)) return undefined;
    const [itsVersion, itsList, ...values] = parsed;
    return itsVersion === version && itsList === list ? values : undefined;
  } catch {
    return undefined;
  }
}

function fits(kind: CursorKind, value: unknown): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value);
  if (kind === 'number') return Number.isFinite(value);
  // PostgreSQL's text takes no zero character.
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

/**
 * The condition for rows after a place in a list that is ordered by all of these columns in one direction. They must tell
 * every two rows apart: end with the id. Undefined values, of a first page, let all rows through.
 */
export function isAfter(
  columns: readonly string[],
  direction: 'asc' | 'desc',
  values: readonly CursorValue[] | undefined,
): RawBuilder<SqlBool> {
  if (values === undefined) return sql<SqlBool>`true`;
  invariant(columns.length === values.length, `a place among ${columns.join(', ')} has ${values.length} values`);
  const place = sql.join(columns.map((column) => sql.ref(column)));
  return sql<SqlBool>`(${place}) ${direction === 'asc' ? sql`>` : sql`<`} (${sql.join(values)})`;
}

/** A page out of the rows from `after` on, of which one more than `limit` was asked for: it tells whether there is a next page. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
