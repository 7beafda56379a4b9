/** What an account is, how it is locked, and what is in it. */
import { type ExpressionBuilder, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { AccountMode, CoinsTables } from './tables.ts';

export interface Balance {
  /** Coins in the account. */
  readonly posted: number;
  /** Coins of these that are held for payees until captured, voided or expired. */
  readonly held: number;
  /** What can be spent: posted − held − floor. */
  readonly available: number;
}

export interface LockedAccount {
  readonly id: string;
  readonly mode: AccountMode;
  readonly posted: number;
  readonly held: number;
  readonly floor: number;
  readonly entries: number;
  readonly last_transfer: number | null;
}

const accountColumns = sql`id, mode, posted, held, floor, entries, last_transfer`;
const maxHouseAccounts = 200;
/** Rows of the tail folded in one go. */
const maxFoldRows = 10_000;

/** The strict ones are locked, in the order of their ids so that nobody waits in a circle; rollups are only looked at. */
export async function lockAccounts(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, LockedAccount>> {
  const areWanted = isAmong(queries, 'id', [...new Set(ids)]);
  const statement =
    dialectOf(queries) === 'sqlite'
      ? // One writer at a time: in a write, everything is locked.
        sql<LockedAccount>`select ${accountColumns} from coins_account where ${areWanted}`
      : sql<LockedAccount>`with locked as (
            select ${accountColumns} from coins_account where ${areWanted} and mode = 'strict' order by id for no key update
          )
          select * from locked union all select ${accountColumns} from coins_account where ${areWanted} and mode = 'rollup'`;
  const { rows } = await statement.execute(queries);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Undefined when there is no such account. */
export async function balanceOf(queries: Queries, id: string): Promise<Balance | undefined> {
  return (await balancesOf(queries, [id])).get(id);
}

async function balancesOf(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, Balance>> {
  invariant(ids.length <= 1_000, `the balances of ${ids.length} accounts were asked for at once: at most 1,000`);
  if (ids.length === 0) return new Map();
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_account')
    .select(['id', 'posted', 'held', 'floor'])
    .select((account) => tailOf(account).as('tail'))
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ id, posted, held, floor, tail }) => {
      const whole = posted + tail;
      return [id, { posted: whole, held, available: whole - held - floor }];
    }),
  );
}

/** What the house's own accounts have; a bounded number of them, by name. */
export async function houseBalances(queries: Queries): Promise<readonly { readonly id: string; readonly coins: number }[]> {
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_account')
    .select(['id', 'posted'])
    .select((account) => tailOf(account).as('tail'))
    .where('mode', '=', sql.lit('rollup'))
    .orderBy('id')
    .limit(maxHouseAccounts)
    .execute();
  return rows.map(({ id, posted, tail }) => ({ id, coins: posted + tail }));
}

/** What moved a rollup since it was last folded. */
function tailOf(account: ExpressionBuilder<CoinsTables, 'coins_account'>) {
  const tail = account
    .selectFrom('coins_tail')
    .whereRef('coins_tail.account', '=', 'coins_account.id')
    .select((row) => row.fn.coalesce(row.fn.sum<number>('coins_tail.amount'), sql.lit(0)).as('sum'));
  // A strict account has none, and is not worth a look.
  return account.case().when('mode', '=', 'rollup').then(tail).else(sql.lit(0)).end();
}

/** Folds what is in the tail into the balances, a bounded amount a call; resolves how many rows were folded. */
export async function foldRollups(queries: Queries): Promise<number> {
  const tables = queries.withTables<CoinsTables>();
  // Deleting takes each row once, whoever else is folding: it needs no order in which transactions became visible.
  const taken = await tables
    .deleteFrom('coins_tail')
    .where('id', 'in', (tail) => tail.selectFrom('coins_tail').select('id').orderBy('id').limit(maxFoldRows))
    .returning(['account', 'amount'])
    .execute();
  const sums = new Map<string, number>();
  for (const { account, amount } of taken) sums.set(account, (sums.get(account) ?? 0) + amount);
  for (const [id, sum] of [...sums].sort()) {
    await tables
      .updateTable('coins_account')
      .set((account) => ({ posted: account('posted', '+', sum) }))
      .where('id', '=', id)
      .execute();
  }
  return taken.length;
}
