/** Looking things up in the catalogue: lists with search, facets, order and pages; one product; and what carts need of variants. */
import { type SqlBool, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { queryWords, scoreOf, trigramsOfAll, wordsOf } from '../../domain/search-words.ts';
import { shopTables } from '../tables.ts';

const sortOrders = ['relevance', 'popular', 'newest', 'name', 'price', 'price-down'] as const;
type SortOrder = (typeof sortOrders)[number];

export interface CatalogueQuery {
  readonly text?: string | undefined;
  readonly category?: string | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  readonly inStock?: boolean | undefined;
  readonly sort: SortOrder;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

interface ProductCard {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly lowestPrice: number;
  readonly highestPrice: number;
  readonly inStock: boolean;
}

export interface ProductList {
  readonly products: readonly ProductCard[];
  readonly total: number;
  readonly facets: {
    /** As if no category were chosen, so that another can be. */
    readonly categories: readonly { readonly category: string; readonly products: number }[];
    readonly inStock: number;
    readonly lowestPrice: number | null;
    readonly highestPrice: number | null;
  };
}

/** Better candidates come first, so that beyond these nothing would be worth showing. */
const maxCandidates = 400;
const maxCategories = 200;

export async function findProducts(queries: Queries, query: CatalogueQuery): Promise<ProductList> {
  const words = queryWords(query.text ?? '');
  const ranked = words.length === 0 ? undefined : await rankedProducts(queries, words);
  const filter = { ...query, ids: ranked };
  const categories = await matching(queries, { ...filter, category: undefined })
    .groupBy('product.category_id')
    .select((select) => ['product.category_id as category', select.fn.countAll<number>().as('products')])
    .orderBy('product.category_id')
    .execute();
  const { total, inStock, lowest, highest } = await matching(queries, filter)
    .select((select) => [
      select.fn.countAll<number>().as('total'),
      sql<number>`coalesce(sum(case when ${isInStock} then 1 else 0 end), 0)`.as('inStock'),
      select.fn.min<number | null>('product.lowest_price').as('lowest'),
      select.fn.max<number | null>('product.highest_price').as('highest'),
    ])
    .executeTakeFirstOrThrow();
  return {
    products: await pageOf(queries, filter, ranked),
    total: Number(total),
    facets: {
      categories: categories.map(({ category, products }) => ({ category, products: Number(products) })),
      inStock: Number(inStock),
      lowestPrice: lowest,
      highestPrice: highest,
    },
  };
}

type Filter = CatalogueQuery & { readonly ids: readonly string[] | undefined };

const isInStock = sql<SqlBool>`exists (select 1 from shop_variant v join shop_stock s on s.variant_id = v.id
  where v.product_id = product.id and v.active = 1 and s.on_hand > s.reserved)`;
const soldPieces = sql<number>`(select coalesce(sum(s.sold), 0) from shop_variant v join shop_stock s on s.variant_id = v.id
  where v.product_id = product.id)`;
/** Among what is sold equally often, the departments take turns: a new shop shows some of everything first. */
const turnOfCategory = sql<number>`row_number() over (partition by product.category_id order by product.id)`;

function matching(queries: Queries, { ids, category, minPrice, maxPrice, inStock }: Filter) {
  let found = shopTables(queries).selectFrom('shop_product as product').where('product.active', '=', 1);
  if (ids !== undefined) found = found.where('product.id', 'in', ids.length === 0 ? [''] : ids);
  if (category !== undefined) found = found.where('product.category_id', '=', category);
  if (minPrice !== undefined) found = found.where('product.highest_price', '>=', minPrice);
  if (maxPrice !== undefined) found = found.where('product.lowest_price', '<=', maxPrice);
  if (inStock === true) found = found.where(isInStock);
  return found;
}

async function pageOf(queries: Queries, filter: Filter, ranked: readonly string[] | undefined): Promise<readonly ProductCard[]> {
  const skipped = (filter.page - 1) * filter.pageSize;
  const cards = matching(queries, filter).select([
    'product.id',
    'product.name',
    'product.category_id as category',
    'product.lowest_price as lowestPrice',
    'product.highest_price as highestPrice',
    sql<number>`case when ${isInStock} then 1 else 0 end`.as('inStock'),
  ]);
  if (filter.sort === 'relevance' && ranked !== undefined) {
    const rank = new Map(ranked.map((id, place) => [id, place]));
    const found = await cards.execute();
    const inOrder = found.sort((one, other) => (rank.get(one.id) ?? 0) - (rank.get(other.id) ?? 0));
    return inOrder.slice(skipped, skipped + filter.pageSize).map(cardOf);
  }
  const page = await ordered(cards, filter.sort).orderBy('product.id').limit(filter.pageSize).offset(skipped).execute();
  return page.map(cardOf);
}

function ordered<Cards extends { orderBy: ReturnType<typeof matching>['orderBy'] }>(cards: Cards, sort: SortOrder): Cards {
  switch (sort) {
    case 'relevance':
    case 'popular':
      return cards.orderBy(soldPieces, 'desc').orderBy(turnOfCategory) as unknown as Cards;
    case 'newest':
      return cards.orderBy('product.created_at', 'desc') as unknown as Cards;
    case 'name':
      return cards.orderBy('product.name') as unknown as Cards;
    case 'price':
      return cards.orderBy('product.lowest_price') as unknown as Cards;
    case 'price-down':
      return cards.orderBy('product.highest_price', 'desc') as unknown as Cards;
  }
}

function cardOf(row: Omit<ProductCard, 'inStock'> & { readonly inStock: number }): ProductCard {
  return { ...row, inStock: row.inStock === 1 };
}

/** Ids of the products that answer the words, best first: candidates by shared trigrams, judged word by word. */
async function rankedProducts(queries: Queries, words: readonly string[]): Promise<readonly string[]> {
  const tables = shopTables(queries);
  const candidates = await tables
    .selectFrom('shop_trigram')
    .where('trigram', 'in', trigramsOfAll(words))
    .groupBy('product_id')
    .select((select) => ['product_id', select.fn.countAll<number>().as('shared')])
    .orderBy('shared', 'desc')
    .orderBy('product_id')
    .limit(maxCandidates)
    .execute();
  if (candidates.length === 0) return [];
  const ids = candidates.map(({ product_id }) => product_id);
  const texts = await tables
    .selectFrom('shop_product as product')
    .innerJoin('shop_category as category', 'category.id', 'product.category_id')
    .select(['product.id', 'product.name', 'product.keywords', 'category.name as category'])
    .where('product.id', 'in', ids)
    .execute();
  return texts
    .map((text) => ({ id: text.id, score: scoreOf(words, searchedText(text)) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
    .map(({ id }) => id);
}

export function searchedText({ name, keywords, category }: { name: string; keywords: string; category: string }) {
  return { name: wordsOf(name), about: [...wordsOf(keywords), ...wordsOf(category)] };
}

export interface Category {
  readonly id: string;
  readonly name: string;
  readonly instrument: string;
  readonly taxBasisPoints: number;
}

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
  const product = await tables.selectFrom('shop_product').selectAll().where('id', '=', id).executeTakeFirst();
  if (product === undefined || (product.active === 0 && !withInactive)) return undefined;
  const variants = await tables
    .selectFrom('shop_variant as variant')
    .innerJoin('shop_stock as stock', 'stock.variant_id', 'variant.id')
    .select(['variant.id', 'variant.name', 'variant.price', 'variant.active', 'stock.on_hand', 'stock.reserved'])
    .where('variant.product_id', '=', id)
    .orderBy('variant.place')
    .execute();
  return {
    id,
    name: product.name,
    category: product.category_id,
    description: product.description,
    keywords: product.keywords,
    active: product.active === 1,
    variants: variants
      .filter(({ active }) => active === 1 || withInactive)
      .map((variant) => ({
        id: variant.id,
        name: variant.name,
        price: variant.price,
        active: variant.active === 1,
        available: variant.on_hand - variant.reserved,
      })),
  };
}

/** A variant as a cart or an order sees it. */
export interface Offer {
  readonly variantId: string;
  readonly variantName: string;
  readonly productId: string;
  readonly productName: string;
  readonly instrument: string;
  readonly unitPrice: number;
  readonly taxBasisPoints: number;
  /** False when it is no longer sold. */
  readonly active: boolean;
  readonly available: number;
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
      { ...offer, active: variantActive === 1 && productActive === 1, available: on_hand - reserved },
    ]),
  );
}
