/** Reads the books back over HTTP when a drill is over: every order, booking, transfer and result of its customers. */
import type { ErrandOrder } from './check/mining.ts';
import type { Thing } from './check/things.ts';
import type { StatementEntry } from './check/wallets.ts';
import type { Customer } from './load/customers.ts';
import { ask } from './load/house-client.ts';
import type { PageServer } from './load/page-server.ts';

const pageSize = 100;
const statementPageSize = 500;
const readsAtOnce = 16;

type Page<Name extends string, Item> = { readonly [key in Name]: readonly Item[] } & { readonly next: string | null };

/** All pages of a list. */
async function listAll<Name extends string, Item>(
  url: string,
  { as }: Customer,
  path: string,
  name: Name,
  limit = pageSize,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after = '';
  for (;;) {
    const page = await ask<Page<Name, Item>>(url, { method: 'GET', path: `${path}?limit=${limit}${after}`, as });
    items.push(...page[name]);
    if (page.next === null) return items;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** Reads each of many, some at a time. */
async function readEach<Item, Read>(items: readonly Item[], read: (item: Item) => Promise<Read>): Promise<readonly Read[]> {
  const answers: Read[] = [];
  for (let from = 0; from < items.length; from += readsAtOnce) {
    answers.push(...(await Promise.all(items.slice(from, from + readsAtOnce).map(read))));
  }
  return answers;
}

interface Named {
  readonly id: string;
}

export async function readGoodsOrders(url: string, customer: Customer): Promise<readonly Thing[]> {
  const orders = await listAll<'orders', Named>(url, customer, '/api/shop/orders', 'orders');
  return readEach(orders, async ({ id }) => {
    const { shipTo } = await ask<{ shipTo: { name: string } }>(url, { method: 'GET', path: `/api/shop/orders/${id}`, as: customer.as });
    return { id, key: shipTo.name };
  });
}

export interface BookedFlights {
  readonly bookings: readonly Thing[];
  readonly cancellations: readonly Thing[];
}

export async function readBookings(url: string, customer: Customer): Promise<BookedFlights> {
  const bookings = await listAll<'bookings', Named>(url, customer, '/api/flights/bookings', 'bookings');
  const read = await readEach(bookings, async ({ id }) => {
    const path = `/api/flights/bookings/${id}`;
    const { state, passengers } = await ask<BookingRead>(url, { method: 'GET', path, as: customer.as });
    return { id, key: passengers[0]?.familyName ?? '', isCancelled: state === 'cancelled' };
  });
  return {
    bookings: read.map(({ id, key }) => ({ id, key })),
    cancellations: read.filter(({ isCancelled }) => isCancelled).map(({ id, key }) => ({ id, key: `${key}/cancelled` })),
  };
}

interface BookingRead {
  readonly state: string;
  readonly passengers: readonly { readonly familyName: string }[];
}

export interface OwnStatement {
  /** Oldest first. */
  readonly entries: readonly (StatementEntry & { readonly memo: string })[];
  readonly closing: number;
}

export async function readStatement(url: string, customer: Customer): Promise<OwnStatement> {
  const path = '/api/coins/statement';
  const newestFirst = await listAll<'entries', StatementEntry & { memo: string }>(url, customer, path, 'entries', statementPageSize);
  const entries = newestFirst.toReversed();
  return { entries, closing: entries.at(-1)?.balance ?? 0 };
}

/** Whether no run of an order waits or is with a miner. */
export async function errandsAreOver(url: string, customer: Customer): Promise<boolean> {
  return (await listAll<'orders', OrderRead>(url, customer, '/api/errands/orders', 'orders')).every(isOver);
}

function isOver({ state, runs }: OrderRead): boolean {
  return state === 'done' && runs.open === 0;
}

export interface ReadErrand extends ErrandOrder {
  /** Its title. */
  readonly key: string;
}

export async function readErrands(url: string, customer: Customer, pages: PageServer): Promise<readonly ReadErrand[]> {
  const orders = await listAll<'orders', OrderRead>(url, customer, '/api/errands/orders', 'orders');
  const results = await listAll<'results', ResultRead>(url, customer, '/api/errands/results', 'results');
  const byOrder = Map.groupBy(results, ({ order }) => order);
  return orders.map((order) => {
    const { id, title, coins } = order;
    const its = byOrder.get(id) ?? [];
    const delivered = its.filter(({ outcome }) => outcome === 'delivered');
    return {
      id,
      key: title,
      isOver: isOver(order),
      coins,
      delivered: delivered.length,
      failed: its.filter(({ outcome }) => outcome === 'failed').length,
      wrongPages: delivered.filter(({ sha256 }) => sha256 !== pages.hashOf(title)).length,
    };
  });
}

interface OrderRead {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly coins: ErrandOrder['coins'];
  readonly runs: { readonly open: number };
}

interface ResultRead {
  readonly order: string;
  readonly outcome: 'delivered' | 'failed' | 'withdrawn';
  readonly sha256: string | null;
}
