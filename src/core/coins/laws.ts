/** What holds of the ledger at every committed moment. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '../laws/law.ts';
import type { Queries } from '../ports/state.ts';
import { requestBody } from './ledger.ts';
import { bodyHash, type RequestName } from './requests.ts';
import type { CoinsTables } from './tables.ts';

/** Accounts, holds and transfers are read in pages, each of one moment. */
const pageAccounts = 200;
const pageTransfers = 1_000;
/** Entries of an account that a bounded audit looks at, the newest. */
const recentEntries = 20;
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
    enforcedBy: 'locks and one update of net differences (movements.ts); constraints on coins_account and coins_hold',
    check: checkBalances,
  },
  {
    id: 'coins-3',
    says: 'The same request key never moves coins twice, and what moved is what the request asked for.',
    enforcedBy: 'primary keys of coins_request and coins_transfer; triggers that refuse changes',
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
  const depth = scope === 'all' ? Number.MAX_SAFE_INTEGER : recentEntries;
  let from = scope === 'all' ? '' : await state.read((queries) => someAccount(queries, random.float()));
  do {
    const page = await state.read((queries) => strictAccountsAfter(queries, from, depth));
    for (const row of page) violations.push(...wrongInAccount(row, depth));
    accounts += page.length;
    from = page.length === pageAccounts ? (page.at(-1)?.id ?? '') : '';
  } while (scope === 'all' && from !== '' && violations.length < maxViolations);
  if (scope === 'all') {
    violations.push(...(await state.read(wrongInRollups)));
    violations.push(...(await state.read(wrongInHolds)));
    violations.push(...(await state.read(wrongInRefunds)));
  }
  return {
    checked: `${accounts} accounts${scope === 'all' ? ', all holds and refunds' : ''}`,
    violations: violations.slice(0, maxViolations),
  };
}

interface AccountRow {
  readonly id: string;
  readonly posted: number;
  readonly held: number;
  readonly floor: number;
  readonly entries: number;
  readonly found: number;
  readonly sum: number;
  readonly breaks: number;
  readonly last_balance: number | null;
  readonly open_holds: number;
}

/** Each account with what its newest `depth` entries say. */
function strictAccountsAfter(queries: Queries, from: string, depth: number): Promise<readonly AccountRow[]> {
  return rows<AccountRow>(
    queries,
    sql`with page as (select * from coins_account where mode = 'strict' and id > ${from} order by id limit ${pageAccounts}),
      moved as (
        select page.id, debit_entry as entry, -amount as amount, debit_balance as balance
          from page join coins_transfer on debit = page.id and debit_entry > page.entries - ${depth}
        union all
        select page.id, credit_entry as entry, amount, credit_balance as balance
          from page join coins_transfer on credit = page.id and credit_entry > page.entries - ${depth}
      ),
      chained as (
        select *, lag(balance) over by_entry as balance_before, lag(entry) over by_entry as entry_before
          from moved window by_entry as (partition by id order by entry)
      ),
      summed as (
        select chained.id, count(*) as found, sum(amount) as sum,
            sum(case when balance - amount <> balance_before or entry - 1 <> entry_before then 1 else 0 end) as breaks,
            max(case when entry = page.entries then balance end) as last_balance
          from chained join page on page.id = chained.id group by chained.id
      )
      select page.id, page.posted, page.held, page.floor, page.entries, coalesce(found, 0) as found, coalesce(sum, 0) as sum,
          coalesce(breaks, 0) as breaks, last_balance,
          (select coalesce(sum(coins_hold.amount), 0) from coins_hold where payer = page.id and state = 'open') as open_holds
        from page left join summed on summed.id = page.id order by page.id`,
  );
}

function* wrongInAccount(row: AccountRow, depth: number): Generator<string> {
  const { id, posted, held, floor, entries, found, sum, breaks, last_balance: lastBalance, open_holds: openHolds } = row;
  if (held < 0) yield `${id}: ${held} coins are held`;
  if (posted - held < floor) yield `${id}: ${posted} coins less ${held} held are below ${floor}`;
  if (held !== openHolds) yield `${id}: ${held} coins are held, but its open holds make ${openHolds}`;
  if (found !== Math.min(entries, depth)) yield `${id}: ${entries} entries were counted, but ${found} are there`;
  if (entries <= depth && sum !== posted) yield `${id}: the balance is ${posted}, but its entries make ${sum}`;
  if (breaks > 0) yield `${id}: ${breaks} of its entries do not follow from the one before`;
  if (entries > 0 && lastBalance !== posted)
    yield `${id}: the balance is ${posted}, but was ${lastBalance ?? 'nothing'} after its last entry`;
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
    sql`with paid as (
        select hold.scope, hold.key, hold.captured, hold.refunded,
            coalesce((select sum(amount) from coins_transfer where kind = 'capture' and of_scope = hold.scope and of_key = hold.key), 0) as paid,
            coalesce((select sum(back.amount) from coins_transfer as taken join coins_transfer as back
              on back.kind = 'refund' and back.of_scope = taken.scope and back.of_key = taken.key
              where taken.kind = 'capture' and taken.of_scope = hold.scope and taken.of_key = hold.key), 0) as returned
          from coins_hold as hold
      )
      select * from paid where captured <> paid or refunded <> returned limit ${maxViolations}`,
  );
  return found.map(
    ({ scope, key, captured, refunded, paid, returned }) =>
      `hold ${scope}/${key}: ${captured} coins captured and ${refunded} refunded, but ${paid} and ${returned} were moved`,
  );
}

async function wrongInRefunds(queries: Queries): Promise<readonly string[]> {
  const found = await rows<RequestName & { amount: number; returned: number }>(
    queries,
    sql`with returned as (
        select of_scope, of_key, sum(amount) as amount from coins_transfer where kind = 'refund' and of_key is not null group by of_scope, of_key
      )
      select scope, key, transfer.amount, returned.amount as returned from returned join coins_transfer as transfer
        on scope = returned.of_scope and key = returned.of_key where returned.amount > transfer.amount limit ${maxViolations}`,
  );
  return found.map(({ scope, key, amount, returned }) => `transfer ${scope}/${key}: of ${amount} coins, ${returned} were refunded`);
}

async function checkRequests({ state, random }: Books, scope: Scope): Promise<Finding> {
  const violations: string[] = [];
  let transfers = 0;
  let after: RequestName = { scope: '', key: '' };
  for (let more = true; more && violations.length < maxViolations; ) {
    const page = await state.read((queries) =>
      scope === 'all' ? transfersAfter(queries, after) : transfersOfSome(queries, random.float()),
    );
    for (const row of page) violations.push(...wrongInTransfer(row));
    transfers += page.length;
    after = page.at(-1) ?? after;
    more = scope === 'all' && page.length === pageTransfers;
  }
  return { checked: `${transfers} transfers`, violations: violations.slice(0, maxViolations) };
}

type RequestedTransfer = CoinsTables['coins_transfer'] & { readonly body_hash: string | null };

const requestedTransfers = sql`select coins_transfer.*, body_hash from coins_transfer
  left join coins_request on coins_request.scope = coins_transfer.scope and coins_request.key = coins_transfer.key`;

function transfersAfter(queries: Queries, { scope, key }: RequestName): Promise<readonly RequestedTransfer[]> {
  return rows<RequestedTransfer>(
    queries,
    sql`${requestedTransfers} where (coins_transfer.scope, coins_transfer.key) > (${scope}, ${key})
      order by coins_transfer.scope, coins_transfer.key limit ${pageTransfers}`,
  );
}

/** The newest that came into some accounts, others at each audit. */
async function transfersOfSome(queries: Queries, share: number): Promise<readonly RequestedTransfer[]> {
  const from = await someAccount(queries, share);
  return rows<RequestedTransfer>(
    queries,
    sql`with page as (select id, entries from coins_account where mode = 'strict' and id > ${from} order by id limit ${pageAccounts})
      select transfer.* from page join (${requestedTransfers}) as transfer
        on transfer.credit = page.id and transfer.credit_entry > page.entries - ${recentEntries} limit ${pageTransfers}`,
  );
}

function* wrongInTransfer(row: RequestedTransfer): Generator<string> {
  const name = `transfer ${row.scope}/${row.key}`;
  if (row.body_hash === null) yield `${name} was made without a request`;
  else if (row.body_hash !== bodyHash(requestBody(row))) yield `${name} is not what its request asked for`;
}

/** Where a bounded audit begins: before the first account, or somewhere in the first so many. */
async function someAccount(queries: Queries, share: number): Promise<string> {
  const [found] = await rows<{ id: string }>(
    queries,
    sql`select id from coins_account where mode = 'strict' order by id limit 1 offset ${Math.floor(share * maxQuickAccounts)}`,
  );
  return found?.id ?? '';
}

async function rows<Row>(queries: Queries, statement: RawBuilder<unknown>): Promise<readonly Row[]> {
  return (await statement.execute(queries)).rows as Row[];
}
