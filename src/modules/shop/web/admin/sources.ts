/** What the shop's pages for admins ask for and change. */
import type { ContractsOf } from '#http/client.ts';
import type * as goodsContracts from '#modules/shop/api/admin/goods-contracts.ts';
import type { AdminProduct, ProductInput, StockLevel } from '#modules/shop/api/admin/goods-contracts.ts';
import type * as orderContracts from '#modules/shop/api/admin/orders-contracts.ts';
import type { ListedRefund, RefundInput, StateInput } from '#modules/shop/api/admin/orders-contracts.ts';
import type * as promoContracts from '#modules/shop/api/admin/promos-contracts.ts';
import type { Promo, PromoRules } from '#modules/shop/api/admin/promos-contracts.ts';
import type { Product } from '#modules/shop/api/catalogue/contracts.ts';
import type { Order, OrderSummary } from '#modules/shop/api/orders/contracts.ts';
import { apiOf, RequestFailure } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

type Receipt = AdminProduct['receipts'][number];
export type Move = StateInput['state'];

const call = apiOf<ContractsOf<typeof goodsContracts> | ContractsOf<typeof orderContracts> | ContractsOf<typeof promoContracts>>();
export const productsFile = '/api/shop/admin/products.csv';

export async function loadProducts(after: string | undefined, signal: AbortSignal): Promise<ListPage<Product, string>> {
  const { products, next } = await call('GET', '/api/shop/admin/products', { query: { after }, signal });
  return { items: products, next };
}

/** Undefined when there is no such product. */
export async function loadProduct(id: string, signal: AbortSignal): Promise<AdminProduct | undefined> {
  try {
    return await call('GET', '/api/shop/admin/products/:id', { params: { id }, signal });
  } catch (error) {
    if (error instanceof RequestFailure && error.status === 404) return undefined;
    throw error;
  }
}

export async function loadReceipts(id: string, after: string | undefined, signal: AbortSignal): Promise<ListPage<Receipt, string>> {
  const { receipts, next } = await call('GET', '/api/shop/admin/products/:id', { params: { id }, query: { after }, signal });
  return { items: receipts, next };
}

export async function saveProduct(id: string, body: ProductInput): Promise<void> {
  await call('PUT', '/api/shop/admin/products/:id', { params: { id }, body });
}

export function importProducts(body: Blob, dryRun: boolean) {
  return call('POST', productsFile, { query: { dryRun }, body, contentType: 'text/csv' });
}

export async function loadStockLevels(
  below: number | undefined,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<StockLevel, string>> {
  const { stock, next } = await call('GET', '/api/shop/admin/stock', { query: { below, after }, signal });
  return { items: stock, next };
}

export async function bookPieces(id: string, body: { readonly pieces: number; readonly reason: string }): Promise<void> {
  await call('POST', '/api/shop/admin/stock/:id/receipts', { params: { id }, body });
}

export async function loadOrders(
  filter: { readonly state: OrderSummary['state'] | undefined; readonly accountId: string | undefined },
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<OrderSummary, string>> {
  const { orders, next } = await call('GET', '/api/shop/admin/orders', { query: { ...filter, after, limit: 50 }, signal });
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<Order> {
  return call('GET', '/api/shop/admin/orders/:id', { params: { id }, signal });
}

export async function moveOrder(id: string, body: StateInput): Promise<void> {
  await call('POST', '/api/shop/admin/orders/:id/state', { params: { id }, body });
}

export function refundOrder(id: string, body: RefundInput, key: string) {
  return call('POST', '/api/shop/admin/orders/:id/refunds', { params: { id }, body, headers: { 'idempotency-key': key } });
}

export async function loadRefunds(
  settled: boolean | undefined,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<ListedRefund, string>> {
  const { refunds, next } = await call('GET', '/api/shop/admin/refunds', { query: { settled, after }, signal });
  return { items: refunds, next };
}

export async function loadPromos(after: string | undefined, signal: AbortSignal): Promise<ListPage<Promo, string>> {
  const { promos, next } = await call('GET', '/api/shop/admin/promos', { query: { after }, signal });
  return { items: promos, next };
}

export function savePromo(code: string, body: PromoRules): Promise<Promo> {
  return call('PUT', '/api/shop/admin/promos/:code', { params: { code }, body });
}
