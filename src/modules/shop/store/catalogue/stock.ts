/** Pieces on the shelf: moved in one statement for many variants, reserved for a while, and let go when the time is over. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { shopTables } from '../tables.ts';

export interface Shelf {
  readonly onHand: number;
  readonly reserved: number;
}

/** What changes of one variant's stock. */
export interface StockMove {
  readonly sold?: number;
  readonly returned?: number;
  /** Negative to let go. */
  readonly reserved?: number;
}

/** Who pieces are kept for. */
export function holderOfCart(cartId: string): string {
  return `cart:${cartId}`;
}

export function holderOfOrder(orderId: string): string {
  return `order:${orderId}`;
}

/** Locks the variants' stock, in the order of their ids so that nobody waits in a circle. */
export async function lockShelves(queries: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, Shelf>> {
  if (variantIds.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_stock')
    .select(['variant_id', 'on_hand', 'reserved'])
    .where(isAmong(queries, 'variant_id', [...new Set(variantIds)]))
    .orderBy('variant_id')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
  return new Map(rows.map(({ variant_id, on_hand, reserved }) => [variant_id, { onHand: on_hand, reserved }]));
}

const moveColumns = { variant_id: 'text', sold: 'bigint', returned: 'bigint', reserved: 'bigint' } as const;

/** Of shelves that the caller has locked. Takes only what is there: a move that would oversell is a broken invariant. */
export async function moveStock(queries: Queries, moves: ReadonlyMap<string, StockMove>): Promise<void> {
  const rows = [...moves]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([variantId, { sold = 0, returned = 0, reserved = 0 }]) => ({
      variant_id: variantId,
      sold,
      returned,
      reserved,
    }));
  if (rows.length === 0) return;
  const input = rowsFrom(queries, moveColumns, rows);
  const { numAffectedRows } = await sql`update shop_stock set
      on_hand = shop_stock.on_hand - move.sold + move.returned, sold = shop_stock.sold + move.sold,
      returned = shop_stock.returned + move.returned, reserved = shop_stock.reserved + move.reserved
    from (${input}) as move where shop_stock.variant_id = move.variant_id
      and shop_stock.on_hand - move.sold + move.returned >= shop_stock.reserved + move.reserved`.execute(queries);
  invariant(Number(numAffectedRows) === rows.length, `of ${rows.length} stock moves only ${numAffectedRows} were possible`);
}

export interface Reserved {
  readonly variantId: string;
  readonly quantity: number;
}

/** What holders have reserved. Read after the shelves are locked: whoever changes reservations locks those first. */
export async function reservationsOf(queries: Queries, holders: readonly string[]): Promise<ReadonlyMap<string, readonly Reserved[]>> {
  if (holders.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_reservation')
    .select(['holder', 'variant_id', 'quantity'])
    .where('holder', 'in', holders)
    .execute();
  const byHolder = Map.groupBy(rows, ({ holder }) => holder);
  return new Map(
    [...byHolder].map(([holder, its]) => [holder, its.map(({ variant_id, quantity }) => ({ variantId: variant_id, quantity }))]),
  );
}

export interface NewReservation {
  readonly holder: string;
  readonly items: readonly Reserved[];
  readonly expiresAt: number;
}

const reservationColumns = { holder: 'text', variant_id: 'text', quantity: 'bigint', expires_at: 'bigint' } as const;

/** Writes the rows only: the shelves are moved by whoever has locked them. */
export async function writeReservations(queries: Queries, reservations: readonly NewReservation[]): Promise<void> {
  const rows = reservations.flatMap(({ holder, items, expiresAt }) =>
    items.map(({ variantId, quantity }) => ({ holder, variant_id: variantId, quantity, expires_at: expiresAt })),
  );
  if (rows.length === 0) return;
  await sql`insert into shop_reservation (holder, variant_id, quantity, expires_at) ${rowsFrom(queries, reservationColumns, rows)}`.execute(
    queries,
  );
}

export async function removeReservations(queries: Queries, holders: readonly string[]): Promise<void> {
  if (holders.length === 0) return;
  await shopTables(queries).deleteFrom('shop_reservation').where('holder', 'in', holders).execute();
}

/** Lets go of all that a holder has reserved. */
export async function releaseHolder(queries: Queries, holder: string): Promise<void> {
  const seen = (await reservationsOf(queries, [holder])).get(holder) ?? [];
  if (seen.length === 0) return;
  await lockShelves(
    queries,
    seen.map(({ variantId }) => variantId),
  );
  // Again, now that nobody else can change them.
  const items = (await reservationsOf(queries, [holder])).get(holder) ?? [];
  await moveStock(queries, new Map(items.map(({ variantId, quantity }) => [variantId, { reserved: -quantity }])));
  await removeReservations(queries, [holder]);
}

export type Reservation = { readonly outcome: 'reserved'; readonly expiresAt: number } | Short;
export interface Short {
  readonly outcome: 'short';
  readonly variantId: string;
  readonly wanted: number;
  readonly available: number;
}

/** Keeps pieces for a holder until the time is over; what it had reserved before is let go. */
export async function reserve(queries: Queries, { holder, items, expiresAt }: NewReservation): Promise<Reservation> {
  const before = (await reservationsOf(queries, [holder])).get(holder) ?? [];
  const shelves = await lockShelves(
    queries,
    [...before, ...items].map(({ variantId }) => variantId),
  );
  const own = new Map(
    ((await reservationsOf(queries, [holder])).get(holder) ?? []).map(({ variantId, quantity }) => [variantId, quantity]),
  );
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

/** What somebody may take who has `own` pieces reserved. */
export function availableTo(shelf: Shelf | undefined, own = 0): number {
  return shelf === undefined ? 0 : shelf.onHand - shelf.reserved + own;
}

/** Carts whose reservation is over, oldest first. Orders are another matter: they end with their payment's time. */
export async function expiredCartHolders(queries: Queries, now: number, limit: number): Promise<readonly string[]> {
  const rows = await shopTables(queries)
    .selectFrom('shop_reservation')
    .select('holder')
    .where('expires_at', '<=', now)
    .where('holder', 'like', 'cart:%')
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return [...new Set(rows.map(({ holder }) => holder))];
}
