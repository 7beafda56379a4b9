/** Runs for gold pages: the house is their customer, and nothing tells a miner so but the nonce, which is only in the page. */
import { sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { readableId } from '#core/readable-id.ts';
import { openAccount, post, walletOf } from '#modules/coins/post.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { coinsPerPage, ledgerScope, revenueAccount } from '../../domain/settings.ts';
import { goldCustomer, goldKeepMs, goldPath } from '../../domain/trust/gold.ts';
import { lockWallets, moveCoins } from '../orders/books.ts';
import { newOrderRow } from '../orders/new-order.ts';
import { type OrderRow, orderTables } from '../orders/tables.ts';
import { addRuns } from '../queue/make.ts';
import { trustTables } from './tables.ts';

export interface MakingGold {
  /** Where the house is found, such as `https://kontor.example.org`. */
  readonly origin: string;
  readonly now: number;
  readonly random: Pick<Random, 'id'>;
}

/** Miners whose machines were seen so lately get one. */
const minersSeenMs = 60_000;

/** Whether there are miners, and none was made since. */
export async function wantsGold(queries: Queries, since: number, now: number): Promise<boolean> {
  const { rows } = await sql<{ wanted: number }>`select case when
      exists (select 1 from errands_machine where last_at > ${now - minersSeenMs})
      and not exists (select 1 from errands_gold where made_at > ${since}) then 1 else 0 end as wanted`.execute(queries);
  return rows[0]?.wanted === 1;
}

/** Makes an order of the house and its only run, which is due now. */
export async function makeGoldRun(queries: Queries, { origin, now, random }: MakingGold): Promise<string> {
  const [token, nonce, orderId] = [random.id(), random.id().slice(0, 16), readableId('KE', random.id())];
  await openGoldCustomer(queries);
  await orderTables(queries)
    .insertInto('errands_order')
    .values(goldOrder({ id: orderId, address: `${origin}${goldPath}/${token}`, host: new URL(origin).host, now }))
    .execute();
  await trustTables(queries).insertInto('errands_gold').values({ token, nonce, order_id: orderId, made_at: now }).execute();
  const name = { orderId, generation: 1, slot: 1 };
  await addRuns(queries, [{ ...name, accountId: goldCustomer, copies: 1, dueAt: now, visibleAt: now }]);
  await payForGold(queries, orderId, now);
  return orderId;
}

async function openGoldCustomer(queries: Queries): Promise<void> {
  await openAccount(queries, { owner: goldCustomer, kind: 'wallet', mode: 'strict' });
  await orderTables(queries)
    .insertInto('errands_customer')
    .values({ account_id: goldCustomer, feed: 0, webhook_secret: '' })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

/** Out of what the house earned, unless a coin came back for an earlier page. */
async function payForGold(queries: Queries, orderId: string, now: number): Promise<void> {
  const available = (await lockWallets(queries, [goldCustomer])).get(goldCustomer) ?? 0;
  if (available < coinsPerPage) {
    const between = { debit: revenueAccount, credit: walletOf(goldCustomer), amount: coinsPerPage };
    const memo = 'A page to find miners who do not fetch';
    await post(queries, [{ scope: ledgerScope, key: `${orderId}/gold`, kind: 'transfer', at: now, memo, ...between }]);
  }
  await moveCoins(queries, [{ orderId, accountId: goldCustomer, direction: 'in', amount: coinsPerPage, number: 1 }], now);
}

/** The nonce of a page that is still served. */
export async function findNonce(queries: Queries, token: string): Promise<string | undefined> {
  const row = await trustTables(queries).selectFrom('errands_gold').select('nonce').where('token', '=', token).executeTakeFirst();
  return row?.nonce;
}

/** Old pages, and their orders where all is settled. */
export async function forgetGold(queries: Queries, now: number, limit: number): Promise<void> {
  const old = sql`select order_id from errands_gold where made_at < ${now - goldKeepMs} order by made_at limit ${limit}`;
  await sql`delete from errands_order where id in (${old}) and open = 0 and funded = prepaid + returned + earned + refunded
    and not exists (select 1 from errands_answer where order_id = errands_order.id and payment = 'pending')`.execute(queries);
  await sql`delete from errands_gold where order_id in (${old})
    and not exists (select 1 from errands_order where id = errands_gold.order_id)`.execute(queries);
}

const once = {
  zone: 'UTC',
  repeat: { kind: 'once' },
  repetitions: 1,
  jitterMs: 0,
  activeHours: null,
  catchUp: 'skip',
  lateMs: 0,
  overlap: 'allow',
} as const;

type GoldOrder = Pick<OrderRow, 'id' | 'address' | 'host'> & { readonly now: number };

function goldOrder({ id, address, host, now }: GoldOrder): OrderRow {
  const terms: OrderTerms = {
    title: 'Stock list',
    address,
    host,
    method: 'GET',
    headers: {},
    schedule: { ...once, start: now },
    extraction: null,
    onlyChanges: false,
    webhook: null,
    mail: false,
    copies: 1,
    instrument: null,
  };
  // Its one run is made with it.
  const made = { state: 'done', slot: 1, slot_at: now, look_at: null, load: 0, prepaid: 0, made: 1, open: 1 } as const;
  return { ...newOrderRow(id, { accountId: goldCustomer, terms, funds: coinsPerPage, now }), ...made };
}
