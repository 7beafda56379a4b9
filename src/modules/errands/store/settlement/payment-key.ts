/** The name of a payment in the ledger: all answers of a settlement that were due on one day and are of one miner. */

import { type RawBuilder, sql } from 'kysely';
import { houseMiner } from '../../domain/leases.ts';

export function paymentKey(settlement: string, day: number, minerId: string | null): string {
  return `pay/${settlement}/${day}/${minerId ?? houseMiner}`;
}

/** The same in SQL, of a row of answers. */
export const paymentKeyOf: RawBuilder<string> = sql<string>`('pay/' || settlement || '/' || day || '/' || coalesce(miner_id, ${sql.lit(houseMiner)}))`;
