/** A condition that names many values in one statement whose text never changes. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '../ports/state.ts';

export function isAmong(dialect: Dialect, column: string, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  return dialect === 'postgres'
    ? sql<SqlBool>`${sql.ref(column)} = any(${values})`
    : sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}
