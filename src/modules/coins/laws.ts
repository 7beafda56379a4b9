/** What holds of the ledger at every committed moment. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { walletOf } from './post.ts';
import type { RequestName } from './store/requests.ts';

/** Accounts are read in pages, each of one moment. */
const pageAccounts = 200;
/** Requests that a bounded audit looks at, the newest. */
const recentRequests = 1_000;
/** Entries of an account that are read at a time: by a bounded audit, which looks at the newest only, and by a full one. */
const recentEntries = 20;
const pageEntries = 200;
/** With more accounts than these, only a full audit sums them up. */
const maxQuickAccounts = 50_000;

export const coinsLaws: readonly Law[] = [
  {
    id: 'coins-1',
    says: 'Every transfer moves as much out of one account as into another; the sum of all balances is zero.',
    enforcedBy: 'a transfer is one row with two accounts and one amount; both balances change in its transaction',
    check: checkSum,
  },
  {
    id: 'coins-2',
    says: "A balance equals the sum of its entries and what is held its open holds; no person's balance or hold is below zero; no more is refunded than was paid.",
    enforcedBy: 'locks and one update of net differences (moving.ts); constraints on coins_account and coins_hold',
    check: checkBalances,
  },
  {
    id: 'coins-3',
    says: 'The same request key never moves coins twice, and every transfer is an entry in the statements of its wallets.',
    enforcedBy: 'unique names of requests, a request and its transfer are one row, triggers that refuse changes',
    check: checkRequests,
  },
];

async function checkSum({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    if (scope === 'recent') {
      const some = sql`(select 1 from coins_account limit ${maxQuickAccounts + 1}) as few`;
      const [found] = await rows<{ accounts: number }>(queries, sql`select count(*) as accounts from ${some}`);
      if (found !== undefined && found.accounts > maxQuickAccounts)
        return { checked: 'nothing: so many are left to a full audit', violations: [] };
    }
    const [total] = await rows<{ accounts: number; coins: number }>(
      queries,
      sql`select count(*) as accounts, coalesce(sum(posted), 0) + (select coalesce(sum(amount), 0) from coins_tail) as coins from coins_account`,
    );
    const { accounts = 0, coins = 0 } = total ?? {};
    return { checked: `${accounts} accounts`, violations: coins === 0 ? [] : [`all balances together make ${coins} coins instead of 0`] };
  });
}

async function checkBalances({ state, random }: Books, scope: Scope): Promise<Finding> {
  const violations: string[] = [];
  let accounts = 0;
  let entries = 0;
  // A bounded audit begins anywhere, so that all have their turn, and at the beginning where it would have come to the end.
  let from = scope === 'all' ? '' : someWallet(random);
  do {
    let page = await state.read((queries) => strictAccountsAfter(queries, from));
    if (scope === 'recent' && page.length < pageAccounts) page = await state.read((queries) => strictAccountsAfter(queries, ''));
    for (const row of page) violations.push(...wrongInAccount(row));
    entries += await walkEntries(state, page, scope, violations);
    accounts += page.length;
    from = page.length === pageAccounts ? (page.at(-1)?.id ?? '') : '';
  } while (scope === 'all' && from !== '' && violations.length < maxViolations);
  if (scope === 'all') {
    violations.push(...(await state.read(wrongInRollups)));
    violations.push(...(await state.read(wrongInHolds)));
    violations.push(...(await state.read(wrongInRefunds)));
  }
  return { checked: `${accounts} wallets, ${entries} entries`, violations: violations.slice(0, maxViolations) };
}

interface AccountRow {
  readonly id: string;
  readonly posted: number;
  readonly held: number;
  readonly floor: number;
  readonly entries: number;
  readonly last_transfer: number | null;
  readonly open_holds: number;
}

function strictAccountsAfter(queries: Queries, from: string): Promise<readonly AccountRow[]> {
  return rows<AccountRow>(
    queries,
    sql`select id, posted, held, floor, entries, last_transfer,
        (select coalesce(sum(amount), 0) from coins_hold where payer = coins_account.id and state = 'open') as open_holds
      from coins_account where mode = 'strict' and id > ${from} order by id limit ${pageAccounts}`,
  );
}

function* wrongInAccount({ id, posted, held, floor, open_holds: openHolds }: AccountRow): Generator<string> {
  if (held < 0) yield `${id}: ${held} coins are held`;
  if (posted - held < floor) yield `${id}: ${posted} coins less ${held} held are below ${floor}`;
  if (held !== openHolds) yield `${id}: ${held} coins are held, but its open holds make ${openHolds}`;
}

/** Where an account's chain of entries goes on, and what must be found there. */
interface Expected {
  readonly account: string;
  readonly transfer: number | null;
  readonly entry: number;
  readonly balance: number;
}

interface EntryRow {
  readonly account: string;
  readonly entry: number | null;
  readonly amount: number;
  readonly balance: number | null;
  readonly previous: number | null;
}

/**
 * Follows each account's entries from the newest on: numbers count down to 0, and taking each amount away leaves the balance before,
 * down to 0. Entries never change, so they may be read later than the account. Resolves how many were looked at.
 */
async function walkEntries(state: State, accounts: readonly AccountRow[], scope: Scope, violations: string[]): Promise<number> {
  let walking: readonly Expected[] = accounts.map(({ id, posted, entries, last_transfer: transfer }) => ({
    account: id,
    transfer,
    entry: entries,
    balance: posted,
  }));
  let walked = 0;
  const depth = scope === 'all' ? pageEntries : recentEntries;
  while (walking.length > 0 && violations.length < maxViolations) {
    const found = Map.groupBy(await state.read((queries) => entriesFrom(queries, walking, depth)), (row) => row.account);
    walking = walking.flatMap((expected): readonly Expected[] => {
      const entries = found.get(expected.account) ?? [];
      walked += entries.length;
      const next = follow(expected, entries, depth);
      if (typeof next !== 'string') return next;
      violations.push(next);
      return [];
    });
    if (scope === 'recent') break;
  }
  return walked;
}

/** Where it goes on, nowhere when its beginning is reached, or what is wrong. */
function follow(expected: Expected, entries: readonly EntryRow[], depth: number): readonly Expected[] | string {
  let { transfer, entry, balance } = expected;
  const { account } = expected;
  for (const found of entries) {
    if (found.entry !== entry || found.balance !== balance)
      return `${account}: entry ${found.entry} leaves ${found.balance} coins where entry ${entry} should leave ${balance}`;
    entry -= 1;
    balance -= found.amount;
    transfer = found.previous;
  }
  if (transfer !== null && entries.length < depth) return `${account}: entry ${entry} is missing (transfer ${transfer})`;
  if (transfer !== null) return [{ account, transfer, entry, balance }];
  return entry === 0 && balance === 0 ? [] : `${account}: before its first entry it had ${balance} coins and ${entry} entries`;
}

async function entriesFrom(queries: Queries, walking: readonly Expected[], depth: number): Promise<readonly EntryRow[]> {
  const starts = walking.flatMap(({ account, transfer }) => (transfer === null ? [] : [{ account, transfer }]));
  if (starts.length === 0) return [];
  return rows<EntryRow>(
    queries,
    sql`with recursive start as (${rowsFrom(queries, { account: 'text', transfer: 'bigint' }, starts)}),
      chain as (
        select start.account, 1 as place, transfer.* from start join coins_transfer as transfer
          on transfer.id = start.transfer and start.account in (transfer.debit, transfer.credit)
        union all
        select chain.account, place + 1 as place, transfer.* from chain join coins_transfer as transfer
          on transfer.id = case when chain.debit = chain.account then chain.debit_previous else chain.credit_previous end
            and chain.account in (transfer.debit, transfer.credit)
          where place < ${depth}
      )
      select account,
          case when debit = account then debit_entry else credit_entry end as entry,
          case when debit = account then -amount else amount end as amount,
          case when debit = account then debit_balance else credit_balance end as balance,
          case when debit = account then debit_previous else credit_previous end as previous
        from chain order by account, place`,
  );
}

async function wrongInRollups(queries: Queries): Promise<readonly string[]> {
  const found = await rows<{ id: string; balance: number; sum: number }>(
    queries,
    sql`with came as (select credit as id, sum(amount) as amount from coins_transfer where credit_entry is null group by credit),
      went as (select debit as id, sum(amount) as amount from coins_transfer where debit_entry is null group by debit),
      tail as (select account as id, sum(amount) as amount from coins_tail group by account),
      sums as (
        select account.id, account.posted + coalesce(tail.amount, 0) as balance, coalesce(came.amount, 0) - coalesce(went.amount, 0) as sum
          from coins_account as account left join came on came.id = account.id left join went on went.id = account.id
            left join tail on tail.id = account.id
          where account.mode = 'rollup'
      )
      select * from sums where balance <> sum order by id limit ${maxViolations}`,
  );
  return found.map(({ id, balance, sum }) => `${id}: the balance is ${balance}, but its transfers make ${sum}`);
}

async function wrongInHolds(queries: Queries): Promise<readonly string[]> {
  const found = await rows<RequestName & { captured: number; refunded: number; paid: number; returned: number }>(
    queries,
    sql`with moved as (
        select id, captured, refunded,
            coalesce((select sum(amount) from coins_transfer where kind = 'capture' and of_id = coins_hold.id), 0) as paid,
            coalesce((select sum(back.amount) from coins_transfer as taken join coins_transfer as back
              on back.kind = 'refund' and back.of_id = taken.id where taken.kind = 'capture' and taken.of_id = coins_hold.id), 0) as returned
          from coins_hold
      )
      select scope, key, captured, refunded, paid, returned from moved join coins_request on coins_request.id = moved.id
        where captured <> paid or refunded <> returned limit ${maxViolations}`,
  );
  return found.map(
    ({ scope, key, captured, refunded, paid, returned }) =>
      `hold ${scope}/${key}: ${captured} coins captured and ${refunded} refunded, but ${paid} and ${returned} were moved`,
  );
}

async function wrongInRefunds(queries: Queries): Promise<readonly string[]> {
  const found = await rows<{ id: number; amount: number; returned: number }>(
    queries,
    sql`with returned as (
        select of_id, sum(amount) as amount from coins_transfer where kind = 'refund' and of_id is not null group by of_id
      )
      select transfer.id, transfer.amount, returned.amount as returned from returned join coins_transfer as transfer
        on transfer.id = returned.of_id where returned.amount > transfer.amount limit ${maxViolations}`,
  );
  return found.map(({ id, amount, returned }) => `transfer ${id}: of ${amount} coins, ${returned} were refunded`);
}

async function checkRequests({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const looked = scope === 'all' ? sql`coins_request` : sql`(select * from coins_request order by id desc limit ${recentRequests})`;
    const [count] = await rows<{ requests: number }>(queries, sql`select count(*) as requests from ${looked} as looked`);
    const violations = [
      ...(await madeTwice(queries, looked)),
      ...(await withoutEntry(queries, looked)),
      ...(scope === 'all' ? await wrongInCounts(queries) : []),
    ];
    return { checked: `${count?.requests ?? 0} requests`, violations: violations.slice(0, maxViolations) };
  });
}

async function madeTwice(queries: Queries, looked: RawBuilder<unknown>): Promise<readonly string[]> {
  const found = await rows<RequestName & { times: number }>(
    queries,
    sql`select scope, key, count(*) as times from ${looked} as looked group by scope, key having count(*) > 1 limit ${maxViolations}`,
  );
  return found.map(({ scope, key, times }) => `request ${scope}/${key} is written down ${times} times`);
}

/** A transfer has an entry in the statement of each wallet, and of no rollup; what moved nothing has none. */
async function withoutEntry(queries: Queries, looked: RawBuilder<unknown>): Promise<readonly string[]> {
  const found = await rows<RequestName & { account: string; entry: number | null }>(
    queries,
    sql`with side as (
        select scope, key, kind, refused, debit as account, debit_entry as entry from ${looked} as paying
        union all select scope, key, kind, refused, credit as account, credit_entry as entry from ${looked} as paid
      )
      select scope, key, account, entry from side left join coins_account on coins_account.id = side.account
        where (entry is not null) <> (refused = 0 and side.kind <> 'hold' and mode is not null and mode = 'strict')
        limit ${maxViolations}`,
  );
  return found.map(({ scope, key, account, entry }) =>
    entry === null
      ? `request ${scope}/${key} moved coins of ${account} without an entry`
      : `request ${scope}/${key} has entry ${entry} of ${account}, but moved nothing there`,
  );
}

/** With the chains of all accounts walked, none has an entry that its chain leaves out. */
async function wrongInCounts(queries: Queries): Promise<readonly string[]> {
  const [found] = await rows<{ counted: number; written: number }>(
    queries,
    sql`select (select coalesce(sum(entries), 0) from coins_account) as counted,
      (select count(debit_entry) + count(credit_entry) from coins_transfer) as written`,
  );
  const { counted = 0, written = 0 } = found ?? {};
  return counted === written ? [] : [`${written} entries are written down, but the accounts count ${counted}`];
}

/** Ids of accounts are hexadecimal and evenly spread: half of the wallets are before the middle. */
function someWallet(random: Pick<Random, 'int'>): string {
  return walletOf(
    random
      .int(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  );
}

async function rows<Row>(queries: Queries, statement: RawBuilder<unknown>): Promise<readonly Row[]> {
  return (await statement.execute(queries)).rows as Row[];
}
