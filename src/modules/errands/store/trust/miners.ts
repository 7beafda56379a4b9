/** What is counted of miners. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { openAccount } from '#modules/coins/post.ts';
import { houseMiner } from '../../domain/leases.ts';
import { trustTables } from './tables.ts';

/** Before its first claim. Somebody who never had coins has no wallet yet, which his first pay would miss. */
export async function registerMiner(queries: Queries, accountId: string, now: number): Promise<void> {
  await openAccount(queries, { owner: accountId, kind: 'wallet', mode: 'strict' });
  const counts = { valid_in_row: 0, answered: 0, audited: 0, refused: 0 };
  await trustTables(queries)
    .insertInto('errands_miner')
    .values({
      account_id: accountId,
      state: 'new',
      state_reason: null,
      valid_in_row: counts.valid_in_row,
      doubt: 0,
      to_clear: 0,
      answered: counts.answered,
      audited: counts.audited,
      refused: counts.refused,
      first_at: now,
      last_at: now,
    })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

const columns = { account_id: 'text', count: 'bigint' } as const;

/** In the order in which everybody locks their rows. */
function countRows(accounts: readonly string[]) {
  return [...Map.groupBy(accounts, (account) => account)]
    .map(([account_id, its]) => ({ account_id, count: its.length }))
    .sort((one, other) => (one.account_id < other.account_id ? -1 : 1));
}

/** An account for each answer. Miners are locked after everything else of errands, by their accounts. */
export async function countAnswers(queries: Queries, accounts: readonly string[], now: number): Promise<void> {
  const rows = countRows(accounts.filter((account) => account !== houseMiner));
  if (rows.length === 0) return;
  const locks = dialectOf(queries) === 'postgres' ? sql`for no key update of miner` : sql``;
  // An answer of a miner who was shut out meanwhile is not paid either.
  await sql`with wanted as (${rowsFrom(queries, columns, rows)}), locked as (
      select miner.account_id, wanted.count from errands_miner miner join wanted on miner.account_id = wanted.account_id
        order by miner.account_id ${locks}
    )
    update errands_miner set answered = errands_miner.answered + locked.count, last_at = ${now},
        to_clear = case when errands_miner.state = 'shut-out' then errands_miner.to_clear + 1 else 0 end
      from locked where errands_miner.account_id = locked.account_id`.execute(queries);
}

/** An account for each coin. */
export async function countEarned(queries: Queries, accounts: readonly string[]): Promise<void> {
  const rows = countRows(accounts);
  if (rows.length === 0) return;
  await sql`insert into errands_earning (account_id, coins) ${rowsFrom(queries, columns, rows)}
    on conflict (account_id) do update set coins = errands_earning.coins + excluded.coins`.execute(queries);
}
