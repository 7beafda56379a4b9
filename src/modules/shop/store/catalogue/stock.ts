/** Pieces on the shelf: locked and moved for many variants in one statement, received, and listed. */
import { type SelectQueryBuilder, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { Shelf } from '../../domain/goods.ts';
import { shopRefusals } from '../../refusals.ts';
import { insertRows } from '../rows.ts';
import { type ShopTables, shopTables } from '../tables.ts';

/** Locks the variants' stock, in the order of their ids so that no two transactions wait for each other. */
export async function lockShelves(queries: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, Shelf>> {
  if (variantIds.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_stock')
    .select(['variant_id', 'on_hand as onHand', 'reserved'])
    .where(isAmong(queries, 'variant_id', [...new Set(variantIds)]))
    .orderBy('variant_id')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
  return new Map(rows.map(({ variant_id, ...shelf }) => [variant_id, shelf]));
}

/** What changes of one variant's stock. */
export interface StockMove {
  readonly sold?: number;
  readonly returned?: number;
  /** Negative to let go. */
  readonly reserved?: number;
}

const moveColumns = { variant_id: 'text', sold: 'bigint', returned: 'bigint', reserved: 'bigint' } as const;

/** Of shelves that the caller has locked. Takes only what is there: a move that would oversell is a broken invariant. */
export async function moveStock(queries: Queries, moves: ReadonlyMap<string, StockMove>): Promise<void> {
  if (moves.size === 0) return;
  const rows = [...moves]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([variant_id, { sold = 0, returned = 0, reserved = 0 }]) => ({ variant_id, sold, returned, reserved }));
  const { numAffectedRows } = await sql`update shop_stock set
      on_hand = shop_stock.on_hand - move.sold + move.returned, sold = shop_stock.sold + move.sold,
      returned = shop_stock.returned + move.returned, reserved = shop_stock.reserved + move.reserved
    from (${rowsFrom(queries, moveColumns, rows)}) as move where shop_stock.variant_id = move.variant_id
      and shop_stock.on_hand - move.sold + move.returned >= shop_stock.reserved + move.reserved`.execute(queries);
  invariant(Number(numAffectedRows) === rows.length, `of ${rows.length} stock moves only ${numAffectedRows} were possible`);
}

export interface Receipt {
  readonly variantId: string;
  /** Negative for what was lost or broken. */
  readonly pieces: number;
  readonly reason: string;
}

export interface ReceivingContext {
  readonly random: Random;
  readonly now: number;
  readonly by: string;
}

const receivedColumns = { variant_id: 'text', pieces: 'bigint' } as const;

/** Goods that came in, or went without being sold. Reserved pieces cannot go. */
export async function receiveGoods(queries: Queries, receipts: readonly Receipt[], { random, now, by }: ReceivingContext): Promise<void> {
  const pieces = piecesByVariant(receipts);
  const shelves = await lockShelves(queries, [...pieces.keys()]);
  for (const [variantId, more] of pieces) {
    const shelf = shelves.get(variantId);
    if (shelf === undefined) throw refuse(shopRefusals, 'no-variant', { id: variantId });
    const { onHand, reserved } = shelf;
    if (onHand + more >= reserved) continue;
    throw refuse(shopRefusals, 'pieces-left', { variant: variantId, most: onHand - reserved, reserved }, 'pieces');
  }
  const received = [...pieces].map(([variant_id, more]) => ({ variant_id, pieces: more }));
  await sql`update shop_stock set on_hand = shop_stock.on_hand + receipt.pieces, received = shop_stock.received + receipt.pieces
    from (${rowsFrom(queries, receivedColumns, received)}) as receipt where shop_stock.variant_id = receipt.variant_id`.execute(queries);
  const rows = receipts.map(({ variantId, pieces, reason }) => ({
    id: random.id(),
    variant_id: variantId,
    pieces,
    reason,
    by_whom: by,
    at: now,
  }));
  await insertRows(queries, 'shop_receipt', rows);
}

/** In the order of the variants' ids. */
function piecesByVariant(receipts: readonly Receipt[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { variantId, pieces } of receipts) sums.set(variantId, (sums.get(variantId) ?? 0) + pieces);
  return new Map([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
}

export interface StockFigures extends Shelf {
  readonly received: number;
  readonly sold: number;
  readonly returned: number;
}

export async function stocksOf(queries: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, StockFigures>> {
  const rows = await shopTables(queries)
    .selectFrom('shop_stock')
    .select(['variant_id', 'on_hand as onHand', 'reserved', 'received', 'sold', 'returned'])
    .where('variant_id', 'in', variantIds)
    .execute();
  return new Map(rows.map(({ variant_id, ...figures }) => [variant_id, figures]));
}

export interface PastReceipt extends Receipt {
  readonly id: string;
  readonly by: string;
  readonly at: number;
}

const receiptCursor = pageCursor('receipts', ['integer', 'text']);

/** What came in, the newest first. */
export async function receiptsOf(
  queries: Queries,
  variantIds: readonly string[],
  { after, limit }: PageRequest,
): Promise<Page<PastReceipt>> {
  const rows = await shopTables(queries)
    .selectFrom('shop_receipt')
    .select(['id', 'variant_id as variantId', 'pieces', 'reason', 'by_whom as by', 'at'])
    .where('variant_id', 'in', variantIds)
    .where(isAfter(['at', 'id'], 'desc', receiptCursor.read(after)))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ at, id }) => receiptCursor.write([at, id]));
}

const shownReceipts = 100;

export async function findStock(queries: Queries, variantId: string) {
  const stock = (await stocksOf(queries, [variantId])).get(variantId);
  if (stock === undefined) return undefined;
  return { variantId, ...stock, receipts: (await receiptsOf(queries, [variantId], { limit: shownReceipts })).items };
}

const levelCursor = pageCursor('stock levels', ['integer', 'text']);

export interface StockLevel extends Shelf {
  readonly variantId: string;
  readonly variantName: string;
  readonly productId: string;
  readonly productName: string;
  readonly available: number;
}

/** Fewer pieces than these are low. The number is a part of the index `shop_stock_low`: another one needs another index. */
const lowStock = 10;
const isLow = sql<boolean>`on_hand - reserved < ${sql.lit(lowStock)}`;

/** What is for sale, by what is left of it: the least first. `below` asks only for what has fewer pieces that can be ordered. */
export async function listStock(
  queries: Queries,
  { below, after, limit }: PageRequest & { readonly below?: number | undefined },
): Promise<Page<StockLevel>> {
  const levels = levelsForSale(queries).$if(below !== undefined && below <= lowStock, (query) => query.where(isLow));
  const rows = await shopTables(queries)
    .selectFrom(levels.as('level'))
    .selectAll()
    .$if(below !== undefined, (query) => query.where('available', '<', below ?? 0))
    .where(isAfter(['available', 'variantId'], 'asc', levelCursor.read(after)))
    .orderBy('available')
    .orderBy('variantId')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ available, variantId }) => levelCursor.write([available, variantId]));
}

/** Of the articles with the fewest pieces, so many are looked at: some are no longer for sale. */
const lowLooked = 1_000;

/** What runs low, the least first. */
export async function lowestStock(queries: Queries, limit: number): Promise<readonly StockLevel[]> {
  const lowest = shopTables(queries).selectFrom('shop_stock').selectAll().where(isLow).orderBy(sql`on_hand - reserved`).limit(lowLooked);
  return levelsForSale(queries, lowest).orderBy('available').orderBy('variantId').limit(limit).execute();
}

type StockRows = SelectQueryBuilder<ShopTables, 'shop_stock', ShopTables['shop_stock']>;

function levelsForSale(queries: Queries, stock: StockRows = shopTables(queries).selectFrom('shop_stock').selectAll()) {
  return shopTables(queries)
    .selectFrom(stock.as('stock'))
    .innerJoin('shop_variant as variant', 'variant.id', 'stock.variant_id')
    .innerJoin('shop_product as product', 'product.id', 'variant.product_id')
    .select(['variant.id as variantId', 'variant.name as variantName', 'product.id as productId', 'product.name as productName'])
    .select(['stock.on_hand as onHand', 'stock.reserved', sql<number>`stock.on_hand - stock.reserved`.as('available')])
    .where('variant.active', '=', 1)
    .where('product.active', '=', 1);
}
