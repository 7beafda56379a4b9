/** Pieces that are kept for a cart or an order until a time. */
import type { Queries } from '#core/ports/state.ts';
import { availableTo, countPieces, type Pieces, type Short } from '../../domain/goods.ts';
import { type KeepsTooMuch, type Kept, keepsTooMuch } from '../../domain/keeping.ts';
import { insertRows } from '../rows.ts';
import { shopTables } from '../tables.ts';
import { lockShelves, moveStock, type StockMove } from './stock.ts';

/** Names what pieces are kept for. */
export function holderOfCart(cartId: string): string {
  return `cart:${cartId}`;
}

export function holderOfOrder(orderId: string): string {
  return `order:${orderId}`;
}

/** By holder. Read after the shelves are locked: every change of reservations locks those first. */
export async function reservationsOf(queries: Queries, holders: readonly string[]): Promise<ReadonlyMap<string, readonly Pieces[]>> {
  if (holders.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_reservation')
    .select(['holder', 'variant_id as variantId', 'quantity'])
    .where('holder', 'in', holders)
    .execute();
  return Map.groupBy(rows, ({ holder }) => holder);
}

export async function reservedBy(queries: Queries, holder: string): Promise<readonly Pieces[]> {
  return (await reservationsOf(queries, [holder])).get(holder) ?? [];
}

export interface NewReservation {
  readonly holder: string;
  readonly items: readonly Pieces[];
  readonly expiresAt: number;
}

/** Writes the rows only: the caller has locked the shelves and moves them. */
export async function writeReservations(queries: Queries, reservations: readonly NewReservation[]): Promise<void> {
  const rows = reservations.flatMap(({ holder, items, expiresAt }) =>
    items.map(({ variantId, quantity }) => ({ holder, variant_id: variantId, quantity, expires_at: expiresAt })),
  );
  await insertRows(queries, 'shop_reservation', rows);
}

export async function removeReservations(queries: Queries, holders: readonly string[]): Promise<void> {
  if (holders.length === 0) return;
  await shopTables(queries).deleteFrom('shop_reservation').where('holder', 'in', holders).execute();
}

/** Lets go of all that a holder has reserved. */
export async function releaseHolder(queries: Queries, holder: string): Promise<void> {
  const seen = await reservedBy(queries, holder);
  if (seen.length === 0) return;
  await lockShelves(queries, [...countPieces(seen).keys()]);
  // Again, now that they are locked.
  const items = await reservedBy(queries, holder);
  await moveStock(queries, new Map(items.map(({ variantId, quantity }) => [variantId, { reserved: -quantity }])));
  await removeReservations(queries, [holder]);
}

export type Reservation = { readonly outcome: 'reserved'; readonly expiresAt: number } | Short | KeepsTooMuch;

/**
 * Keeps pieces for a holder until the time is over; what it had reserved before is let go. `keptFor` says what else is kept for its
 * account, and is asked when the shelves are locked.
 */
export async function reserve(
  queries: Queries,
  { holder, items, expiresAt }: NewReservation,
  keptFor: () => Promise<Kept>,
): Promise<Reservation> {
  const before = await reservedBy(queries, holder);
  const shelves = await lockShelves(queries, [...countPieces([...before, ...items]).keys()]);
  const tooMuch = keepsTooMuch(await keptFor(), items, shelves);
  if (tooMuch !== undefined) return tooMuch;
  const own = countPieces(await reservedBy(queries, holder));
  const moves = new Map<string, StockMove>([...own].map(([variantId, quantity]) => [variantId, { reserved: -quantity }]));
  for (const { variantId, quantity } of items) {
    const available = availableTo(shelves.get(variantId), own.get(variantId));
    if (available < quantity) return { outcome: 'short', variantId, wanted: quantity, available };
    moves.set(variantId, { reserved: quantity - (own.get(variantId) ?? 0) });
  }
  await moveStock(queries, moves);
  await removeReservations(queries, [holder]);
  await writeReservations(queries, [{ holder, items, expiresAt }]);
  return { outcome: 'reserved', expiresAt };
}

/** Carts whose reservation is over, the oldest first. Those of orders end with the time for their payment. */
export async function expiredCarts(queries: Queries, now: number, limit: number): Promise<readonly string[]> {
  const rows = await shopTables(queries)
    .selectFrom('shop_reservation')
    .select('holder')
    .where('expires_at', '<=', now)
    .where('holder', 'like', 'cart:%')
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return [...new Set(rows.map(({ holder }) => holder.slice('cart:'.length)))];
}
