/** Law errands-1: every coin of an order is prepaid, came back, is earned, was refunded, or is outstanding; and the ledger says the same. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import type { Queries } from '#core/ports/state.ts';
import { amountMovedFor, balanceOf } from '#modules/coins/post.ts';
import { escrowAccount, ledgerScope } from '../../domain/settings.ts';
import { fundKeyOf, returnKeyOf } from './books.ts';

/** Orders that a check beside live traffic looks at, and the most movements of each that it follows. */
const recentOrders = 200;
const recentMovements = 50;

export const coinsLaw: Law = {
  id: 'errands-1',
  says: 'Per order: coins paid in = prepaid + returned + earned + refunded + outstanding, where each copy of a run that is open or not judged is one coin; the ledger moved as much, and what is prepaid, outstanding or not settled lies in the escrow; every run that was made is open or has a result.',
  enforcedBy: 'making, changing, settling and refunding runs as one transaction with their transfers (store/orders, store/queue)',
  check: (books, scope) => checkCoins(books, scope),
};

async function checkCoins({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const violations: string[] = [];
    for (const find of checks) {
      const { rows } = await find(scope).execute(queries);
      violations.push(...rows.map(({ name, wrong }) => `${name}: ${wrong}`));
    }
    if (scope === 'all') violations.push(...(await checkEscrow(queries)));
    const { rows } = await sql<{ orders: number }>`select count(*) as orders from ${someOrders(scope)} few`.execute(queries);
    const counted = Number(rows[0]?.orders ?? 0);
    const checked = scope === 'all' ? `${counted} orders and the escrow` : `the newest ${counted} orders`;
    return { checked, violations: violations.slice(0, maxViolations) };
  });
}

const someOrders = (scope: Scope) =>
  scope === 'all'
    ? sql`errands_order`
    : sql`(select * from errands_order order by created_at desc, id desc limit ${sql.lit(recentOrders)})`;

const ofSome = (scope: Scope) => (scope === 'all' ? sql`true` : sql`order_id in (select id from ${someOrders(scope)} few)`);

const limit = sql.lit(maxViolations);

/** Answers that are neither accepted nor refused. */
const notJudged = sql`payment = 'pending' and verdict = 'waiting'`;
const notSettled = sql`payment = 'pending'`;

/** Copies that are open or whose answers are of this kind, by order. */
const outstanding = (scope: Scope, answers = notJudged) => sql`(
  select order_id, sum(copies) as coins from (
    select order_id, count(*) as copies from errands_run where ${ofSome(scope)} group by order_id
    union all
    select order_id, count(*) as copies from errands_answer where ${answers} and ${ofSome(scope)} group by order_id
  ) each_kind group by order_id)`;

/** Each selects `name` and `wrong`, a row for each violation. */
const checks: readonly ((scope: Scope) => RawBuilder<{ name: string; wrong: string }>)[] = [
  (scope) => sql`select placed.id as name,
      placed.funded || ' coins were paid in, but ' || placed.prepaid || ' are prepaid, ' || placed.returned || ' came back, ' || placed.earned
        || ' are earned, ' || placed.refunded || ' refunded and ' || coalesce(open.coins, 0) || ' outstanding' as wrong
    from ${someOrders(scope)} placed left join ${outstanding(scope)} open on open.order_id = placed.id
    where placed.funded <> placed.prepaid + placed.returned + placed.earned + placed.refunded + coalesce(open.coins, 0) limit ${limit}`,
  (
    scope,
  ) => sql`select id as name, made || ' runs were made, but ' || open || ' are open and ' || (results - notices) || ' have a result' as wrong
    from ${someOrders(scope)} placed where made <> open + results - notices limit ${limit}`,
  (scope) => sql`with recursive placed as (
      select id, fundings, funded, returned from ${someOrders(scope)} few
      where ${scope === 'all' ? sql`true` : sql`fundings <= ${sql.lit(recentMovements)}`}
    ), number (n) as (
      select 1 union all select n + 1 from number where n < (select max(fundings) from placed)
    ), moved as (
      select placed.id, sum(coalesce(${amountMovedFor(ledgerScope, fundKeyOf(sql`placed.id`, sql`number.n`))}, 0)) as paid_in,
        sum(coalesce(${amountMovedFor(ledgerScope, returnKeyOf(sql`placed.id`, sql`number.n`))}, 0)) as came_back
      from placed join number on number.n <= placed.fundings group by placed.id
    )
    select placed.id as name, placed.funded || ' coins were paid in and ' || placed.returned || ' came back by the order, and '
      || moved.paid_in || ' and ' || moved.came_back || ' by the ledger' as wrong
    from placed join moved on moved.id = placed.id
    where moved.paid_in <> placed.funded or moved.came_back <> placed.returned limit ${limit}`,
];

/** All coins of all orders lie in one account. */
async function checkEscrow(queries: Queries): Promise<readonly string[]> {
  const { rows } = await sql<{ coins: number }>`select coalesce(sum(placed.prepaid + coalesce(open.coins, 0)), 0) as coins
    from errands_order placed left join ${outstanding('all', notSettled)} open on open.order_id = placed.id`.execute(queries);
  const coins = Number(rows[0]?.coins ?? 0);
  const balance = (await balanceOf(queries, escrowAccount))?.posted ?? 0;
  return coins === balance
    ? []
    : [`${escrowAccount}: it holds ${balance} coins, but orders have ${coins} prepaid, outstanding or not settled`];
}
