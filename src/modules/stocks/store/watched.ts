/** The watch list of an account. */
import type { LeavingAccount } from '#core/farewell.ts';
import type { Queries } from '#core/ports/state.ts';
import { stocksTables } from './tables.ts';

export const maxWatched = 100;

/** In the order in which they were put on it. */
export async function readWatched(queries: Queries, accountId: string): Promise<readonly string[]> {
  const rows = await stocksTables(queries)
    .selectFrom('stocks_watched')
    .select('company')
    .where('account_id', '=', accountId)
    .orderBy('at')
    .orderBy('company')
    .execute();
  return rows.map(({ company }) => company);
}

/** False when the list is full. Requests at the same moment may each find the last place free, and all get it. */
export async function watch(queries: Queries, accountId: string, company: string, now: number): Promise<boolean> {
  const watched = await readWatched(queries, accountId);
  if (watched.includes(company)) return true;
  if (watched.length >= maxWatched) return false;
  await stocksTables(queries)
    .insertInto('stocks_watched')
    .values({ account_id: accountId, company, at: now })
    .onConflict((conflict) => conflict.columns(['account_id', 'company']).doNothing())
    .execute();
  return true;
}

/** Of a person who closes the account. */
export async function forgetWatched(queries: Queries, { id }: LeavingAccount): Promise<undefined> {
  await stocksTables(queries).deleteFrom('stocks_watched').where('account_id', '=', id).execute();
}

export async function unwatch(queries: Queries, accountId: string, company: string): Promise<void> {
  await stocksTables(queries).deleteFrom('stocks_watched').where('account_id', '=', accountId).where('company', '=', company).execute();
}
