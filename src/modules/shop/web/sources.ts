/** What the shop's pages ask the house for, and the cart that they share. */
import { useSyncExternalStore } from 'react';
import type { ContractsOf } from '#http/client.ts';
import type * as cartContracts from '#modules/shop/api/cart/contracts.ts';
import type { CartView } from '#modules/shop/api/cart/contracts.ts';
import type * as catalogueContracts from '#modules/shop/api/catalogue/contracts.ts';
import type { Product, ProductPage, ShopCategories } from '#modules/shop/api/catalogue/contracts.ts';
import type * as orderContracts from '#modules/shop/api/orders/contracts.ts';
import type { CheckoutInput, Order, OrderSummary } from '#modules/shop/api/orders/contracts.ts';
import { apiOf } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';
import type { AskedCatalogue } from './catalogue-query.ts';

const call = apiOf<ContractsOf<typeof catalogueContracts> | ContractsOf<typeof cartContracts> | ContractsOf<typeof orderContracts>>();

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
  return setCart(await call('GET', '/api/shop/cart', signal && { signal }));
}

export function piecesInCart(variantId: string): number {
  return cart?.lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
}

export async function setPieces(variantId: string, quantity: number): Promise<CartView> {
  return setCart(await call('PUT', '/api/shop/cart/lines/:id', { params: { id: variantId }, body: { quantity } }));
}

export async function applyPromo(code: string): Promise<CartView> {
  return setCart(await call('PUT', '/api/shop/cart/promo', { body: { code } }));
}

export async function dropPromo(): Promise<CartView> {
  return setCart(await call('DELETE', '/api/shop/cart/promo'));
}

/** Keeps the pieces for a while, so that no other customer takes them while an address is typed. */
export async function reserveCart(): Promise<{ readonly expiresAt: number }> {
  return call('POST', '/api/shop/cart/reservation');
}

export async function checkOut(body: CheckoutInput, key: string): Promise<Order> {
  return call('POST', '/api/shop/checkout', { body, headers: { 'idempotency-key': key } });
}

/** The id of the order that a checkout with this key made. */
export async function findCheckout(key: string, signal: AbortSignal): Promise<string | undefined> {
  return (await call('GET', '/api/shop/orders', { query: { key }, signal })).orders[0]?.id;
}

let categories: Promise<ShopCategories> | undefined;

/** They change so rarely that asking once is enough; a failure is asked again. */
export async function loadCategories(): Promise<ShopCategories> {
  categories ??= call('GET', '/api/shop/categories').catch((error: unknown) => {
    categories = undefined;
    throw error;
  });
  return categories;
}

export function loadProducts(query: AskedCatalogue, signal: AbortSignal): Promise<ProductPage> {
  return call('GET', '/api/shop/products', { query, signal });
}

export function loadProduct(id: string, signal: AbortSignal): Promise<Product> {
  return call('GET', '/api/shop/products/:id', { params: { id }, signal });
}

/** The picture that was put, or the one that is drawn. */
export function pictureOf(productId: string, picture: string | null): string {
  return picture ?? `/api/shop/products/${encodeURIComponent(productId)}/picture.svg`;
}

export async function loadOrders(after: string | undefined, signal: AbortSignal): Promise<ListPage<OrderSummary, string>> {
  const { orders, next } = await call('GET', '/api/shop/orders', { query: { after }, signal });
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<Order> {
  return call('GET', '/api/shop/orders/:id', { params: { id }, signal });
}

/** Where the last order went: most people live where they lived. Undefined before the first. */
export async function loadLastAddress(signal: AbortSignal): Promise<Order['shipTo'] | undefined> {
  const { orders } = await call('GET', '/api/shop/orders', { query: { limit: 1 }, signal });
  const last = orders[0];
  return last === undefined ? undefined : (await loadOrder(last.id, signal)).shipTo;
}

export function cancelOrder(id: string): Promise<Order> {
  return call('POST', '/api/shop/orders/:id/cancellation', { params: { id } });
}

export async function payAtTestProvider(id: string, outcome: 'paid' | 'failed'): Promise<void> {
  await call('POST', '/api/shop/orders/:id/test-payment', { params: { id }, body: { outcome } });
}
