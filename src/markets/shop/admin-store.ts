/** What the admin's pages read and change at once: products with what is not for sale, stock with its receipts, import and export. */
import type { Random } from '#core/ports/random.ts';
import type { Dialect, Queries } from '#core/ports/state.ts';
import { receiveGoods, saveProducts } from './goods.ts';
import { csvLine, type ProductsFile } from './product-csv.ts';
import { lockShelves } from './stock.ts';
import { shopTables } from './tables.ts';

const shownReceipts = 100;

export async function productIdsAfter(queries: Queries, after: string | undefined, limit: number): Promise<readonly string[]> {
  let page = shopTables(queries).selectFrom('shop_product').select('id').orderBy('id').limit(limit);
  if (after !== undefined) page = page.where('id', '>', after);
  return (await page.execute()).map(({ id }) => id);
}

export async function findStock(queries: Queries, variantId: string) {
  const tables = shopTables(queries);
  const stock = await tables.selectFrom('shop_stock').selectAll().where('variant_id', '=', variantId).executeTakeFirst();
  if (stock === undefined) return undefined;
  const receipts = await tables
    .selectFrom('shop_receipt')
    .select(['pieces', 'reason', 'by_whom as by', 'at'])
    .where('variant_id', '=', variantId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(shownReceipts)
    .execute();
  const { on_hand, reserved, received, sold, returned } = stock;
  return { variantId, onHand: on_hand, reserved, received, sold, returned, receipts };
}

/** All of the file or nothing of it. The stock that it names is reached by receiving, or taking away, the difference. */
export async function importProducts(
  queries: Queries,
  dialect: Dialect,
  { products, stock }: ProductsFile,
  context: { random: Random; now: number; by: string },
): Promise<void> {
  await saveProducts(queries, dialect, products, context.now);
  const shelves = await lockShelves(queries, dialect, [...stock.keys()]);
  const receipts = [...stock]
    .map(([variantId, pieces]) => ({ variantId, pieces: pieces - (shelves.get(variantId)?.onHand ?? 0), reason: 'import' }))
    .filter(({ pieces }) => pieces !== 0);
  if (receipts.length > 0) await receiveGoods(queries, dialect, receipts, context);
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
