/** What the shop's pages for admins ask for and change. */
import type { ContractsOf } from '#http/client.ts';
import type * as goodsContracts from '#modules/shop/api/admin/goods-contracts.ts';
import type { AdminProduct, ProductInput, StockLevel } from '#modules/shop/api/admin/goods-contracts.ts';
import type * as orderContracts from '#modules/shop/api/admin/orders-contracts.ts';
import type { AdminOrder, AdminOrderSummary, ListedRefund, RefundInput, StateInput } from '#modules/shop/api/admin/orders-contracts.ts';
import type * as overviewContracts from '#modules/shop/api/admin/overview-contracts.ts';
import type { ShopOverview } from '#modules/shop/api/admin/overview-contracts.ts';
import type * as pictureContracts from '#modules/shop/api/admin/pictures-contracts.ts';
import type * as promoContracts from '#modules/shop/api/admin/promos-contracts.ts';
import type { Promo, PromoRules } from '#modules/shop/api/admin/promos-contracts.ts';
import type { Product } from '#modules/shop/api/catalogue/contracts.ts';
import { apiOf, RequestFailure } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

type Receipt = AdminProduct['receipts'][number];
/** As the API takes them. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'] as const;
export type Move = StateInput['state'];

const call = apiOf<
  | ContractsOf<typeof goodsContracts>
  | ContractsOf<typeof orderContracts>
  | ContractsOf<typeof overviewContracts>
  | ContractsOf<typeof pictureContracts>
  | ContractsOf<typeof promoContracts>
>();
export const productsFile = '/api/shop/admin/products.csv';

export function loadOverview(signal: AbortSignal): Promise<ShopOverview> {
  return call('GET', '/api/shop/admin/overview', { signal });
}

/** `search` may be empty. */
export async function loadProducts(search: string, after: string | undefined, signal: AbortSignal): Promise<ListPage<Product, string>> {
  const { products, next } = await call('GET', '/api/shop/admin/products', { query: { search: search || undefined, after }, signal });
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

/** `onlyNew` refuses an id that another product has. */
export async function saveProduct(id: string, body: ProductInput, onlyNew: boolean): Promise<void> {
  await call('PUT', '/api/shop/admin/products/:id', { params: { id }, body, headers: onlyNew ? { 'if-none-match': '*' } : {} });
}

export async function putPicture(id: string, body: Blob, contentType: (typeof pictureTypes)[number]): Promise<void> {
  await call('PUT', '/api/shop/admin/products/:id/picture', { params: { id }, body, contentType });
}

export async function removePicture(id: string): Promise<void> {
  await call('DELETE', '/api/shop/admin/products/:id/picture', { params: { id } });
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
  {
    search,
    ...filter
  }: { readonly search: string; readonly state: AdminOrderSummary['state'] | undefined; readonly accountId: string | undefined },
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<AdminOrderSummary, string>> {
  const query = { ...filter, search: search || undefined, after, limit: 50 };
  const { orders, next } = await call('GET', '/api/shop/admin/orders', { query, signal });
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<AdminOrder> {
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
