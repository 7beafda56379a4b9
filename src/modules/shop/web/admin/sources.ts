/** What the shop's pages for admins ask for and change. */
import type { Static } from 'typebox';
import type {
  AdminProduct,
  Imported,
  ProductInput,
  PromoRules,
  Promos,
  PromoView,
  ReceiptInput,
  RefundInput,
  RefundList,
  RefundView,
  StateInput,
  StockLevels,
  StockView,
} from '#modules/shop/api/admin-schemas.ts';
import type { Order, OrderPage, OrderSummary, Product } from '#modules/shop/api/schemas.ts';
import { getJson, RequestFailure, sendJson, sendText } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

type Receipt = AdminProduct['receipts'][number];
export type Promo = Static<typeof PromoView>;
export type Move = Static<typeof StateInput>['state'];

const perPage = 50;
export const productsFile = '/api/shop/admin/products.csv';

function query(parts: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined && part[1] !== '');
  return new URLSearchParams(given).toString();
}

const product = (id: string) => `/api/shop/admin/products/${encodeURIComponent(id)}`;
const stock = (id: string) => `/api/shop/admin/stock/${encodeURIComponent(id)}`;
const order = (id: string) => `/api/shop/admin/orders/${encodeURIComponent(id)}`;

export async function loadProducts(after: string | undefined, signal: AbortSignal): Promise<ListPage<Product, string>> {
  const path = `/api/shop/admin/products?${query({ after, limit: String(perPage) })}`;
  const { products, next } = await getJson<{ products: Product[]; next: string | null }>(path, signal);
  return { items: products, next };
}

/** Undefined when there is no such product. */
export async function loadProduct(id: string, signal: AbortSignal): Promise<AdminProduct | undefined> {
  try {
    return await getJson(product(id), signal);
  } catch (error) {
    if (error instanceof RequestFailure && error.status === 404) return undefined;
    throw error;
  }
}

export async function loadReceipts(id: string, before: string | undefined, signal: AbortSignal): Promise<ListPage<Receipt, string>> {
  const { receipts, next } = await getJson<AdminProduct>(`${product(id)}?${query({ before })}`, signal);
  return { items: receipts, next };
}

export function saveProduct(id: string, input: ProductInput): Promise<Product> {
  return sendJson('PUT', product(id), input);
}

export function importProducts(file: Blob, dryRun: boolean): Promise<Static<typeof Imported>> {
  return sendText(`${productsFile}?dryRun=${dryRun}`, 'text/csv', file);
}

export async function loadStockLevels(
  below: number | undefined,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<StockLevels['stock'][number], string>> {
  const path = `/api/shop/admin/stock?${query({ below: below?.toString(), after, limit: String(perPage) })}`;
  const { stock: levels, next } = await getJson<StockLevels>(path, signal);
  return { items: levels, next };
}

export function bookPieces(variantId: string, receipt: Static<typeof ReceiptInput>): Promise<Static<typeof StockView>> {
  return sendJson('POST', `${stock(variantId)}/receipts`, receipt);
}

export async function loadOrders(
  filter: { readonly state: string; readonly accountId: string },
  before: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<OrderSummary, string>> {
  const { orders, next } = await getJson<OrderPage>(
    `/api/shop/admin/orders?${query({ ...filter, before, limit: String(perPage) })}`,
    signal,
  );
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<Order> {
  return getJson(order(id), signal);
}

export function moveOrder(id: string, move: Static<typeof StateInput>): Promise<Order> {
  return sendJson('POST', `${order(id)}/state`, move);
}

export function refundOrder(id: string, refund: RefundInput, key: string): Promise<Static<typeof RefundView>> {
  return sendJson('POST', `${order(id)}/refunds`, refund, { 'idempotency-key': key });
}

export async function loadRefunds(
  settled: string | undefined,
  before: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<RefundList['refunds'][number], string>> {
  const { refunds, next } = await getJson<RefundList>(
    `/api/shop/admin/refunds?${query({ settled, before, limit: String(perPage) })}`,
    signal,
  );
  return { items: refunds, next };
}

export async function loadPromos(signal: AbortSignal): Promise<readonly Promo[]> {
  return (await getJson<Static<typeof Promos>>('/api/shop/admin/promos', signal)).promos;
}

export function savePromo(code: string, rules: PromoRules): Promise<Promo> {
  return sendJson('PUT', `/api/shop/admin/promos/${encodeURIComponent(code)}`, rules);
}
