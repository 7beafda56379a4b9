/** Accounts: opened, locked, saved as net differences; their balances; and the tail of rollups. */
import { type ExpressionBuilder, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { AccountMode, Balance, LockedAccount } from '../domain/accounts.ts';
import type { MovingAccount } from '../domain/posting.ts';
import { type CoinsTables, coinsTables } from './tables.ts';

const accountColumns = sql`id, mode, posted, held, floor, entries, last_transfer`;
/** Rows of the tail folded in one go. */
const maxFoldRows = 10_000;

export interface NewAccount {
  readonly owner: string;
  /** Such as `wallet` or `revenue`; one account of a kind for an owner. */
  readonly kind: string;
  readonly mode: AccountMode;
}

/** Opens it if it is not open; resolves its id, `KIND:OWNER`. */
export async function openAccount(queries: Queries, { owner, kind, mode }: NewAccount): Promise<string> {
  const id = `${kind}:${owner}`;
  invariant(/^[a-z]{1,20}:[\w.-]{1,100}$/.test(id), `an account is called KIND:OWNER, of letters, digits, _ - and .: "${id}"`);
  await coinsTables(queries)
    .insertInto('coins_account')
    .values({ id, owner, kind, mode, posted: 0, held: 0, floor: 0, entries: 0, last_transfer: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return id;
}

/** Opens modules' own accounts, such as `revenue:shop`: rollups, which many may pay to at the same time. */
export async function openAccounts(queries: Queries, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [kind = '', owner = ''] = id.split(':');
    await openAccount(queries, { kind, owner, mode: 'rollup' });
  }
}

/** Strict ones are locked, in the order of their ids so that no two transactions wait for each other; rollups are only read. */
export async function lockAccounts(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, LockedAccount>> {
  const areWanted = isAmong(queries, 'id', [...new Set(ids)]);
  const statement =
    dialectOf(queries) === 'sqlite'
      ? // There is one writer at a time: in a write, everything is locked.
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
  const rows = await coinsTables(queries)
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

const houseCursor = pageCursor('house accounts', ['text']);

/** The balances of the house's own accounts, in the order of their ids. */
export async function houseBalances(
  queries: Queries,
  { limit, after }: PageRequest,
): Promise<Page<{ readonly id: string; readonly coins: number }>> {
  const rows = await coinsTables(queries)
    .selectFrom('coins_account')
    .select(['id', 'posted'])
    .select((account) => tailOf(account).as('tail'))
    .where('mode', '=', sql.lit('rollup'))
    .where(isAfter(['id'], 'asc', houseCursor.read(after)))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const balances = rows.map(({ id, posted, tail }) => ({ id, coins: posted + tail }));
  return pageOf(balances, limit, ({ id }) => houseCursor.write([id]));
}

/** What moved a rollup since it was last folded. */
function tailOf(account: ExpressionBuilder<CoinsTables, 'coins_account'>) {
  const tail = account
    .selectFrom('coins_tail')
    .whereRef('coins_tail.account', '=', 'coins_account.id')
    .select((row) => row.fn.coalesce(row.fn.sum<number>('coins_tail.amount'), sql.lit(0)).as('sum'));
  // A strict account has none: the query need not look.
  return account.case().when('mode', '=', 'rollup').then(tail).else(sql.lit(0)).end();
}

const strictColumns = { id: 'text', posted: 'bigint', held: 'bigint', entries: 'bigint', last_transfer: 'bigint' } as const;
const tailColumns = { account: 'text', amount: 'bigint' } as const;

/** A constraint on the table refuses a strict account below its floor, whatever was decided in memory. */
export async function saveAccounts(queries: Queries, changed: readonly MovingAccount[]): Promise<void> {
  const strict = changed.filter(({ isStrict }) => isStrict);
  const rollups = changed.filter(({ isStrict }) => !isStrict);
  await Promise.all([saveStrict(queries, strict), saveTail(queries, rollups)]);
}

async function saveStrict(queries: Queries, changed: readonly MovingAccount[]): Promise<void> {
  if (changed.length === 0) return;
  const differences = changed.map(({ account, posted, held, entries, lastTransfer }) => ({
    id: account.id,
    posted: posted - account.posted,
    held: held - account.held,
    entries: entries - account.entries,
    last_transfer: lastTransfer,
  }));
  await sql`update coins_account set
      posted = coins_account.posted + difference.posted,
      held = coins_account.held + difference.held,
      entries = coins_account.entries + difference.entries,
      last_transfer = difference.last_transfer
    from (${rowsFrom(queries, strictColumns, differences)}) as difference where coins_account.id = difference.id`.execute(queries);
}

async function saveTail(queries: Queries, changed: readonly MovingAccount[]): Promise<void> {
  if (changed.length === 0) return;
  const amounts = changed.map(({ account, posted }) => ({ account: account.id, amount: posted - account.posted }));
  await sql`insert into coins_tail (account, amount) ${rowsFrom(queries, tailColumns, amounts)}`.execute(queries);
}

/** Folds the tail into the balances, a bounded number of rows a call; resolves how many. */
export async function foldRollups(queries: Queries): Promise<number> {
  const tables = coinsTables(queries);
  // Deleting takes each row once, whichever process folds: no order of commits matters.
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
