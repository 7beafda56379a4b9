/** All products in from a CSV file, and out into one. */
import type { Queries, State } from '#core/ports/state.ts';
import { csvHead, csvLine, type ProductsFile } from '../../domain/product-csv.ts';
import { shopTables } from '../tables.ts';
import { saveProducts } from './save-products.ts';
import { lockShelves, type ReceivingContext, receiveGoods } from './stock.ts';

/** All of the file or nothing of it. The stock that it names is reached by receiving, or taking away, the difference. */
export async function importProducts(queries: Queries, { products, stock }: ProductsFile, context: ReceivingContext): Promise<void> {
  await saveProducts(queries, products, context.now);
  const shelves = await lockShelves(queries, [...stock.keys()]);
  const receipts = [...stock]
    .map(([variantId, pieces]) => ({ variantId, pieces: pieces - (shelves.get(variantId)?.onHand ?? 0), reason: 'import' }))
    .filter(({ pieces }) => pieces !== 0);
  await receiveGoods(queries, receipts, context);
}

const rowsAtOnce = 500;

/** The file piece by piece: however many products there are, few are in memory. */
export async function* exportProducts(state: State): AsyncGenerator<string> {
  yield csvHead();
  for (let after = ''; ; ) {
    const rows = await state.read((queries) => rowsAfter(queries, after));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows
      .map(({ productId, id, variant_name, price, active, sold, stock, ...product }) =>
        csvLine({
          product: { ...product, id: productId },
          variant: { id, name: variant_name, price, active: active === 1 && sold === 1 },
          stock,
        }),
      )
      .join('');
    after = last.id;
  }
}

async function rowsAfter(queries: Queries, after: string) {
  return shopTables(queries)
    .selectFrom('shop_variant as variant')
    .innerJoin('shop_product as product', 'product.id', 'variant.product_id')
    .innerJoin('shop_stock as stock', 'stock.variant_id', 'variant.id')
    .select(['product.id as productId', 'product.category_id as category', 'product.name', 'product.description', 'product.keywords'])
    .select(['variant.id', 'variant.name as variant_name', 'variant.price', 'variant.active'])
    .select(['product.active as sold', 'stock.on_hand as stock'])
    .where('variant.id', '>', after)
    .orderBy('variant.id')
    .limit(rowsAtOnce)
    .execute();
}
