/** A condition on a list of values, in a statement whose text never changes. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type AnyQueries, dialectOf } from './dialect.ts';

export function isAmong(queries: AnyQueries, column: string, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  return dialectOf(queries) === 'postgres'
    ? sql<SqlBool>`${sql.ref(column)} = any(${values})`
    : sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}
