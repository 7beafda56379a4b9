/** What the shop's pages ask the house for, and the cart that they share. */
import { useSyncExternalStore } from 'react';
import type { Static } from 'typebox';
import type {
  CartView,
  CheckoutInput,
  Order,
  OrderPage,
  OrderSummary,
  Product,
  ProductPage,
  ReservationView,
  ShopCategories,
} from '#modules/shop/api/schemas.ts';
import { getJson, sendJson } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

let cart: CartView | undefined;
const listeners = new Set<() => void>();

function setCart(now: CartView): CartView {
  cart = now;
  for (const listener of listeners) listener();
  return now;
}

/** Undefined until it was loaded. */
export function useCart(): CartView | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => cart,
  );
}

export async function loadCart(signal?: AbortSignal): Promise<CartView> {
  return setCart(await getJson<CartView>('/api/shop/cart', signal));
}

export function piecesInCart(variantId: string): number {
  return cart?.lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
}

export async function setPieces(variantId: string, quantity: number): Promise<CartView> {
  return setCart(await sendJson<CartView>('PUT', `/api/shop/cart/lines/${encodeURIComponent(variantId)}`, { quantity }));
}

export async function applyPromo(code: string): Promise<CartView> {
  return setCart(await sendJson<CartView>('PUT', '/api/shop/cart/promo', { code }));
}

export async function dropPromo(): Promise<CartView> {
  return setCart(await sendJson<CartView>('DELETE', '/api/shop/cart/promo'));
}

/** Keeps the pieces for a while, so that nobody else takes them while an address is typed. */
export async function reserveCart(): Promise<Static<typeof ReservationView>> {
  return sendJson('POST', '/api/shop/cart/reservation');
}

export async function checkOut(input: CheckoutInput, key: string): Promise<Order> {
  return sendJson('POST', '/api/shop/checkout', input, { 'idempotency-key': key });
}

let categories: Promise<ShopCategories> | undefined;

/** They change so rarely that asking once is enough; a failure is asked again. */
export async function loadCategories(): Promise<ShopCategories> {
  categories ??= getJson<ShopCategories>('/api/shop/categories').catch((error: unknown) => {
    categories = undefined;
    throw error;
  });
  return categories;
}

export function loadProducts(query: URLSearchParams, signal: AbortSignal): Promise<ProductPage> {
  return getJson(`/api/shop/products?${query}`, signal);
}

export function loadProduct(id: string, signal: AbortSignal): Promise<Product> {
  return getJson(`/api/shop/products/${encodeURIComponent(id)}`, signal);
}

export function pictureOf(productId: string): string {
  return `/api/shop/products/${encodeURIComponent(productId)}/picture.svg`;
}

const ordersPerPage = 20;

export async function loadOrders(before: string | undefined, signal: AbortSignal): Promise<ListPage<OrderSummary, string>> {
  const query = new URLSearchParams({ limit: String(ordersPerPage), ...(before === undefined ? {} : { before }) });
  const { orders, next } = await getJson<OrderPage>(`/api/shop/orders?${query}`, signal);
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<Order> {
  return getJson(`/api/shop/orders/${encodeURIComponent(id)}`, signal);
}

/** Where the last order went: most people live where they lived. Undefined before the first. */
export async function loadLastAddress(signal: AbortSignal): Promise<Order['shipTo'] | undefined> {
  const { orders } = await getJson<OrderPage>('/api/shop/orders?limit=1', signal);
  const last = orders[0];
  return last === undefined ? undefined : (await loadOrder(last.id, signal)).shipTo;
}

export function cancelOrder(id: string): Promise<Order> {
  return sendJson('POST', `/api/shop/orders/${encodeURIComponent(id)}/cancellation`);
}

export async function payAtTestProvider(id: string, outcome: 'paid' | 'failed'): Promise<void> {
  await sendJson('POST', `/api/shop/orders/${encodeURIComponent(id)}/test-payment`, { outcome });
}
