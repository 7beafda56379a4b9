/** What the admin's pages read and change at once: products with what is not for sale, stock with its receipts, import and export. */
import { type SqlBool, sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import type { Place } from '../../api/places.ts';
import { shopTables } from '../tables.ts';
import { receiveGoods, saveProducts } from './goods.ts';
import { csvLine, type ProductsFile } from './product-csv.ts';
import { lockShelves } from './stock.ts';

const shownReceipts = 100;

export async function productIdsAfter(queries: Queries, after: string | undefined, limit: number): Promise<readonly string[]> {
  let page = shopTables(queries).selectFrom('shop_product').select('id').orderBy('id').limit(limit);
  if (after !== undefined) page = page.where('id', '>', after);
  return (await page.execute()).map(({ id }) => id);
}

export interface StockFigures {
  readonly onHand: number;
  readonly reserved: number;
  readonly received: number;
  readonly sold: number;
  readonly returned: number;
}

export async function stocksOf(queries: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, StockFigures>> {
  const rows = await shopTables(queries).selectFrom('shop_stock').selectAll().where('variant_id', 'in', variantIds).execute();
  return new Map(
    rows.map(({ variant_id, on_hand, reserved, received, sold, returned }) => [
      variant_id,
      { onHand: on_hand, reserved, received, sold, returned },
    ]),
  );
}

/** What came in, the newest first. */
export async function receiptsOf(queries: Queries, variantIds: readonly string[], before: Place | undefined, limit: number) {
  let page = shopTables(queries)
    .selectFrom('shop_receipt')
    .select(['id', 'variant_id as variantId', 'pieces', 'reason', 'by_whom as by', 'at'])
    .where('variant_id', 'in', variantIds);
  if (before !== undefined) page = page.where(sql<SqlBool>`(at, id) < (${before.at}, ${before.id})`);
  return page.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function findStock(queries: Queries, variantId: string) {
  const stock = (await stocksOf(queries, [variantId])).get(variantId);
  if (stock === undefined) return undefined;
  return { variantId, ...stock, receipts: await receiptsOf(queries, [variantId], undefined, shownReceipts) };
}

export interface StockListQuery {
  /** Only what has fewer pieces that can be ordered. */
  readonly below: number | undefined;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** What is for sale, by what is left of it: the least first. */
export async function listStock(queries: Queries, { below, after, limit }: StockListQuery) {
  const available = sql<number>`stock.on_hand - stock.reserved`;
  let page = shopTables(queries)
    .selectFrom('shop_stock as stock')
    .innerJoin('shop_variant as variant', 'variant.id', 'stock.variant_id')
    .innerJoin('shop_product as product', 'product.id', 'variant.product_id')
    .select([
      ...(['variant.id as variantId', 'variant.name as variantName', 'product.id as productId', 'product.name as productName'] as const),
      ...(['stock.on_hand as onHand', 'stock.reserved', available.as('available')] as const),
    ])
    .where('variant.active', '=', 1)
    .where('product.active', '=', 1);
  if (below !== undefined) page = page.where(available, '<', below);
  if (after !== undefined) page = page.where(sql<SqlBool>`(${available}, variant.id) > (${after.at}, ${after.id})`);
  return page.orderBy(available).orderBy('variant.id').limit(limit).execute();
}

/** All of the file or nothing of it. The stock that it names is reached by receiving, or taking away, the difference. */
export async function importProducts(
  queries: Queries,
  { products, stock }: ProductsFile,
  context: { random: Random; now: number; by: string },
): Promise<void> {
  await saveProducts(queries, products, context.now);
  const shelves = await lockShelves(queries, [...stock.keys()]);
  const receipts = [...stock]
    .map(([variantId, pieces]) => ({ variantId, pieces: pieces - (shelves.get(variantId)?.onHand ?? 0), reason: 'import' }))
    .filter(({ pieces }) => pieces !== 0);
  if (receipts.length > 0) await receiveGoods(queries, receipts, context);
}

/** The next rows of the export, and where to go on; no rows at the end. */
export async function exportAfter(queries: Queries, after: string, limit: number): Promise<{ text: string; last: string } | undefined> {
  const rows = await shopTables(queries)
    .selectFrom('shop_variant as variant')
    .innerJoin('shop_product as product', 'product.id', 'variant.product_id')
    .innerJoin('shop_stock as stock', 'stock.variant_id', 'variant.id')
    .select([
      ...(['product.id as product', 'product.category_id as category', 'product.name', 'product.description', 'product.keywords'] as const),
      ...([
        'variant.id',
        'variant.name as variant_name',
        'variant.price',
        'variant.active',
        'product.active as sold',
        'stock.on_hand',
      ] as const),
    ])
    .where('variant.id', '>', after)
    .orderBy('variant.id')
    .limit(limit)
    .execute();
  const last = rows.at(-1)?.id;
  if (last === undefined) return undefined;
  const text = rows
    .map(({ product: id, category, name, description, keywords, ...row }) =>
      csvLine({
        product: { id, category, name, description, keywords },
        variant: { id: row.id, name: row.variant_name, price: row.price, active: row.active === 1 && row.sold === 1 },
        stock: row.on_hand,
      }),
    )
    .join('');
  return { text, last };
}
