/** Searching by the beginning of a text, with an index, on both dialects: characters are compared by their bytes. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type AnyQueries, dialectOf } from './dialect.ts';

/** Greater than every other character. */
const last = '\u{10FFFF}';

/** `expression` is that of an index made by `createPrefixIndex`. */
export function beginsWith(queries: AnyQueries, expression: RawBuilder<unknown>, prefix: string): RawBuilder<SqlBool> {
  const text = byBytes(queries, expression);
  return sql<SqlBool>`(${text} >= ${prefix} and ${text} < ${prefix + last})`;
}

export async function createPrefixIndex(queries: AnyQueries, name: string, table: string, expression: RawBuilder<unknown>): Promise<void> {
  await sql`create index ${sql.raw(name)} on ${sql.table(table)} ((${byBytes(queries, expression)}))`.execute(queries);
}

/** Text in lower case where its letters are ASCII, which is what both dialects can do alike; `asciiLower` is the same in JavaScript. */
export function lowered(queries: AnyQueries, expression: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`lower(${byBytes(queries, expression)})`;
}

export function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function byBytes(queries: AnyQueries, expression: RawBuilder<unknown>): RawBuilder<unknown> {
  return dialectOf(queries) === 'postgres' ? sql`${expression} collate "C"` : expression;
}
