/** Who did something, by name: the accounts of a whole page are asked for at once. */
import type { Queries } from '#core/ports/state.ts';
import { namesOf } from '#modules/people/who.ts';

/** Each row with the name of the account in `by`; the house itself, such as `shop`, has none. */
export async function withNames<Row extends { readonly by: string }>(
  queries: Queries,
  rows: readonly Row[],
): Promise<(Row & { byName: string | null })[]> {
  const names = await namesOf(
    queries,
    rows.map(({ by }) => by),
  );
  return rows.map((row) => ({ ...row, byName: names.get(row.by) ?? null }));
}

/** Each row with the name of its account. */
export async function withAccountNames<Row extends { readonly accountId: string }>(
  queries: Queries,
  rows: readonly Row[],
): Promise<(Row & { accountName: string | null })[]> {
  const names = await namesOf(
    queries,
    rows.map(({ accountId }) => accountId),
  );
  return rows.map((row) => ({ ...row, accountName: names.get(row.accountId) ?? null }));
}
