/** What the ledger moved for a named request: so that other books can be compared with it without knowing its tables. */
import { type RawBuilder, sql } from 'kysely';

/** The amount, as a part of a statement; null when nothing moved. `key` is a column of that statement. */
export function amountMovedFor(scope: string, key: RawBuilder<string>): RawBuilder<number | null> {
  return sql<number | null>`(select moved.amount from coins_transfer moved where moved.scope = ${sql.lit(scope)} and moved.key = ${key})`;
}
