/** What holds in the shop's tables at every committed moment. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import type { Queries } from '#core/ports/state.ts';
import { amountMovedFor } from '#modules/coins/post.ts';
import { ledgerScope } from './store/checkout/checkout.ts';
import { shopTables } from './store/tables.ts';

/** Rows that a check beside live traffic looks at. */
const recentRows = 200;

export function shopLaws(): readonly Law[] {
  return [
    {
      id: 'shop-1',
      says: 'On hand + sold − returned = received, never below zero and as the orders say; every order’s lines sum to its total and to its payment, and what went back never exceeds it.',
      enforcedBy: 'check constraints of shop_stock and shop_order_line, and checkout as one transaction (checkout.ts)',
      check: (books, scope) => checkShop(books, scope),
    },
  ];
}

interface Check {
  /** Selects `name` and `wrong`, a row for each violation. */
  readonly find: (scope: Scope) => RawBuilder<{ name: string; wrong: string }>;
}

async function checkShop({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const violations: string[] = [];
    for (const { find } of checks) {
      const { rows } = await find(scope).execute(queries);
      violations.push(...rows.map(({ name, wrong }) => `${name}: ${wrong}`));
    }
    const { variants, orders } = await counted(queries);
    const looked = scope === 'all' ? `${orders} orders` : `the newest ${Math.min(orders, recentRows)} of ${orders} orders`;
    return { checked: `${variants} variants, ${looked}`, violations: violations.slice(0, maxViolations) };
  });
}

async function counted(queries: Queries): Promise<{ variants: number; orders: number }> {
  const count = async (table: 'shop_stock' | 'shop_order') => {
    const { rows } = await shopTables(queries)
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  return { variants: await count('shop_stock'), orders: await count('shop_order') };
}

const limit = sql.lit(maxViolations);
/** The orders that are looked at. Many are made at the same moment: without their ids in the order, each mention could pick others. */
const someOrders = (scope: Scope) =>
  scope === 'all' ? sql`shop_order` : sql`(select * from shop_order order by created_at desc, id desc limit ${sql.lit(recentRows)})`;

/** So that beside live traffic only their parts are read. */
const ofSome = (scope: Scope) => (scope === 'all' ? sql`true` : sql`order_id in (select id from ${someOrders(scope)} few)`);

const checks: readonly Check[] = [
  {
    find: () => sql`select variant_id as name,
        on_hand || ' on hand + ' || sold || ' sold − ' || returned || ' returned is not ' || received || ' received, or ' || reserved || ' reserved are not there' as wrong
      from shop_stock where on_hand + sold - returned <> received or on_hand < 0 or reserved < 0 or reserved > on_hand limit ${limit}`,
  },
  {
    // Sums over all orders: unbounded, so only when everything is asked for.
    find: (scope) => sql`select stock.variant_id as name,
        'the orders sold ' || coalesce(orders.sold, 0) || ' and took back ' || coalesce(orders.returned, 0) || ', the shelf says ' || stock.sold || ' and ' || stock.returned as wrong
      from shop_stock stock left join (
        select line.variant_id, sum(line.quantity) as sold, sum(line.restocked_quantity) as returned
        from shop_order_line line join shop_order o on o.id = line.order_id where o.paid_at is not null group by line.variant_id
      ) orders on orders.variant_id = stock.variant_id
      where ${sql.lit(scope === 'all' ? 1 : 0)} = 1
        and (stock.sold <> coalesce(orders.sold, 0) or stock.returned <> coalesce(orders.returned, 0)) limit ${limit}`,
  },
  {
    find: (scope) => sql`select stock.variant_id as name,
        stock.received || ' were received, but the receipts say ' || coalesce(receipts.pieces, 0) as wrong
      from shop_stock stock left join (select variant_id, sum(pieces) as pieces from shop_receipt group by variant_id) receipts
        on receipts.variant_id = stock.variant_id
      where ${sql.lit(scope === 'all' ? 1 : 0)} = 1 and stock.received <> coalesce(receipts.pieces, 0) limit ${limit}`,
  },
  {
    find: () => sql`select stock.variant_id as name,
        stock.reserved || ' are reserved, but the reservations say ' || coalesce(kept.quantity, 0) as wrong
      from shop_stock stock left join (select variant_id, sum(quantity) as quantity from shop_reservation group by variant_id) kept
        on kept.variant_id = stock.variant_id
      where stock.reserved <> coalesce(kept.quantity, 0) limit ${limit}`,
  },
  {
    find: (scope) => sql`select o.id as name,
        'its lines sum to ' || coalesce(lines.gross, 0) || ' with ' || coalesce(lines.tax, 0) || ' tax, its total is ' || o.total || ' with ' || o.tax as wrong
      from ${someOrders(scope)} o left join (
        select order_id, sum(gross) as gross, sum(tax) as tax, sum(discount) as discount from shop_order_line where ${ofSome(scope)} group by order_id
      ) lines on lines.order_id = o.id
      where coalesce(lines.gross, 0) <> o.total or coalesce(lines.tax, 0) <> o.tax or coalesce(lines.discount, 0) <> o.discount
        or o.total <> o.subtotal - o.discount + case when o.tax_mode = 'added' then o.tax else 0 end limit ${limit}`,
  },
  {
    find: (scope) => sql`select o.id as name,
        case when payment.amount is null then 'it is ' || o.state || ' without a payment' else 'its payment is ' || payment.amount || ', its total ' || o.total end as wrong
      from ${someOrders(scope)} o left join shop_payment payment on payment.order_id = o.id
      where (o.paid_at is not null and payment.amount is null) or payment.amount <> o.total
        or (o.paid_at is null and o.state not in ('awaiting_payment', 'cancelled')) limit ${limit}`,
  },
  {
    find: (scope) => sql`select o.id as name,
        o.refunded || ' went back of ' || o.total || ', but its refunds sum to ' || coalesce(refunds.amount, 0) as wrong
      from ${someOrders(scope)} o left join (select order_id, sum(amount) as amount from shop_refund where ${ofSome(scope)} group by order_id) refunds
        on refunds.order_id = o.id
      where o.refunded <> coalesce(refunds.amount, 0) or o.refunded > o.total limit ${limit}`,
  },
  {
    // Coins are the ledger's: here it only says whether the order's purchase is there, with the same amount.
    find: (scope) => sql`select name,
        'its total is ' || total || ' coins, but the ledger moved ' || coalesce(cast(moved as text), 'none') as wrong
      from (
        select o.id as name, o.total, ${amountMovedFor(ledgerScope, sql`o.id`)} as moved
        from ${someOrders(scope)} o join shop_payment payment on payment.order_id = o.id and payment.method = 'coins'
      ) paid
      where moved is null or moved <> total limit ${limit}`,
  },
  {
    find: (scope) => sql`select promo.code as name,
        promo.uses || ' uses are counted, but ' || coalesce(made.uses, 0) || ' orders have it, or its limit is passed' as wrong
      from shop_promo promo left join (
        select promo_code, count(*) as uses from shop_order
        where promo_code is not null and (paid_at is not null or state = 'awaiting_payment') group by promo_code
      ) made on made.promo_code = promo.code
      where ${sql.lit(scope === 'all' ? 1 : 0)} = 1 and (promo.uses <> coalesce(made.uses, 0) or promo.uses > promo.max_uses) limit ${limit}`,
  },
];
