/** Products, departments, and what carts need of variants, as they are read. */
import { sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { beginsWith } from '#core/sql/prefix.ts';
import type { Offer } from '../../domain/goods.ts';
import { pictureAddress } from '../../domain/picture-kinds.ts';
import { queryWords } from '../../domain/search-words.ts';
import { shopTables } from '../tables.ts';
import { scoredProducts } from './find-products.ts';
import { receiptsOf, stocksOf } from './stock.ts';

export interface Category {
  readonly id: string;
  readonly name: string;
  readonly instrument: string;
  readonly taxBasisPoints: number;
}

const maxCategories = 200;

export async function listCategories(queries: Queries): Promise<readonly Category[]> {
  return shopTables(queries)
    .selectFrom('shop_category')
    .select(['id', 'name', 'instrument', 'tax_basis_points as taxBasisPoints'])
    .orderBy('place')
    .limit(maxCategories)
    .execute();
}

export interface ProductDetail {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly keywords: string;
  readonly active: boolean;
  /** Its address; null where none was put. */
  readonly picture: string | null;
  readonly variants: readonly VariantDetail[];
}

interface VariantDetail {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly active: boolean;
  readonly available: number;
}

/** Undefined when there is no such product, or when it is not for sale and `withInactive` is not set. */
export async function findProduct(queries: Queries, id: string, { withInactive = false } = {}): Promise<ProductDetail | undefined> {
  const tables = shopTables(queries);
  const product = await tables
    .selectFrom('shop_product')
    .select(['id', 'name', 'category_id as category', 'description', 'keywords', 'active', 'picture'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (product === undefined || (product.active === 0 && !withInactive)) return undefined;
  const variants = await tables
    .selectFrom('shop_variant as variant')
    .innerJoin('shop_stock as stock', 'stock.variant_id', 'variant.id')
    .select(['variant.id', 'variant.name', 'variant.price', 'variant.active', 'stock.on_hand', 'stock.reserved'])
    .where('variant.product_id', '=', id)
    .orderBy('variant.place')
    .execute();
  return {
    ...product,
    active: product.active === 1,
    picture: pictureAddress(product.picture),
    variants: variants
      .filter(({ active }) => active === 1 || withInactive)
      .map(({ on_hand, reserved, ...variant }) => ({ ...variant, active: variant.active === 1, available: on_hand - reserved })),
  };
}

const productCursor = pageCursor('products by id', ['text']);

/** All of them, also those not for sale. */
export async function listProducts(queries: Queries, { after, limit }: PageRequest): Promise<Page<ProductDetail>> {
  const rows = await shopTables(queries)
    .selectFrom('shop_product')
    .select('id')
    .where(isAfter(['id'], 'asc', productCursor.read(after)))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(rows, limit, ({ id }) => productCursor.write([id]));
  return { items: await productsWith(queries, items), next };
}

const foundCursor = pageCursor('products found', ['number', 'text']);
/** Above every score of words. */
const numberScore = 10;
const maxByNumber = 200;

/** Products, also those not for sale, by the beginning of an article number or by words: those that fit best come first. */
export async function searchProducts(
  queries: Queries,
  { search, after, limit }: PageRequest & { search: string },
): Promise<Page<ProductDetail>> {
  const [lastScore, lastId] = foundCursor.read(after) ?? [Number.POSITIVE_INFINITY, ''];
  const words = queryWords(search);
  const scores = new Map(words.length === 0 ? [] : await scoredProducts(queries, words));
  const byNumber = await shopTables(queries)
    .selectFrom('shop_variant')
    .select('product_id')
    .where(beginsWith(queries, sql`id`, search.trim().toUpperCase()))
    .limit(maxByNumber)
    .execute();
  for (const { product_id } of byNumber) scores.set(product_id, numberScore);
  const found = [...scores]
    .map(([id, score]) => ({ id, score }))
    .filter(({ id, score }) => score < lastScore || (score === lastScore && id > lastId))
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
  const { items, next } = pageOf(found, limit, ({ id, score }) => foundCursor.write([score, id]));
  return { items: await productsWith(queries, items), next };
}

async function productsWith(queries: Queries, ids: readonly { readonly id: string }[]): Promise<readonly ProductDetail[]> {
  const products = await Promise.all(ids.map(({ id }) => findProduct(queries, id, { withInactive: true })));
  return products.filter((product) => product !== undefined);
}

/** With its stock, and a page of what came in. */
export async function findAdminProduct(queries: Queries, id: string, page: PageRequest) {
  const product = await findProduct(queries, id, { withInactive: true });
  if (product === undefined) return undefined;
  const ids = product.variants.map((variant) => variant.id);
  const stocks = await stocksOf(queries, ids);
  const { items, next } = await receiptsOf(queries, ids, page);
  const variants = product.variants.flatMap((variant) => {
    const stock = stocks.get(variant.id);
    return stock === undefined ? [] : [{ ...variant, stock }];
  });
  return { ...product, variants, receipts: items, next };
}

export async function findOffers(queries: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
  if (variantIds.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_variant as variant')
    .innerJoin('shop_product as product', 'product.id', 'variant.product_id')
    .innerJoin('shop_category as category', 'category.id', 'product.category_id')
    .innerJoin('shop_stock as stock', 'stock.variant_id', 'variant.id')
    .select([
      'variant.id as variantId',
      'variant.name as variantName',
      'variant.price as unitPrice',
      'variant.active as variantActive',
      'product.id as productId',
      'product.name as productName',
      'product.active as productActive',
      'product.picture',
      'category.instrument',
      'category.tax_basis_points as taxBasisPoints',
      'stock.on_hand',
      'stock.reserved',
    ])
    .where('variant.id', 'in', variantIds)
    .execute();
  return new Map(
    rows.map(({ variantActive, productActive, on_hand, reserved, ...offer }) => [
      offer.variantId,
      {
        ...offer,
        picture: pictureAddress(offer.picture),
        active: variantActive === 1 && productActive === 1,
        available: on_hand - reserved,
      },
    ]),
  );
}
