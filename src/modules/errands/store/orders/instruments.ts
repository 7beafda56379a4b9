/** An instrument belongs to one order. Its name is locked before it is taken: of two orders that want it at once, the second sees the first. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { orderTables } from './tables.ts';

const nameColumns = { name: 'text' } as const;

/** After the hosts and before the customer. Names are locked in their order. */
export async function lockInstruments(queries: Queries, orders: readonly OrderTerms[]): Promise<void> {
  const names = instrumentsOf(orders).sort();
  if (names.length === 0) return;
  const rows = names.map((name) => ({ name }));
  await sql`insert into errands_instrument (name) ${rowsFrom(queries, nameColumns, rows)} on conflict (name) do nothing`.execute(queries);
  await orderTables(queries)
    .selectFrom('errands_instrument')
    .select('name')
    .where(isAmong(queries, 'name', names))
    .orderBy('name')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
}

export interface TakenInstrument {
  readonly outcome: 'instrument-taken';
  readonly instrument: string;
}

/** `besides` is the order that is changed. */
export async function takenInstrument(
  queries: Queries,
  orders: readonly OrderTerms[],
  besides?: string,
): Promise<TakenInstrument | undefined> {
  const wanted = instrumentsOf(orders);
  const twice = wanted.find((instrument, index) => wanted.indexOf(instrument) !== index);
  if (twice !== undefined) return { outcome: 'instrument-taken', instrument: twice };
  if (wanted.length === 0) return undefined;
  const rows = await orderTables(queries)
    .selectFrom('errands_order')
    .select(['id', 'instrument'])
    .where('instrument', 'is not', null)
    .where(isAmong(queries, 'instrument', wanted))
    .execute();
  const taken = rows.find(({ id }) => id !== besides);
  return taken && { outcome: 'instrument-taken', instrument: taken.instrument ?? '' };
}

function instrumentsOf(orders: readonly OrderTerms[]): string[] {
  return orders.flatMap(({ instrument }) => instrument ?? []);
}
