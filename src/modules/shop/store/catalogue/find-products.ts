/** The catalogue as it is looked through: search, facets, order and pages. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isAfter, type Page, type PageCursor, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import type { SortOrder } from '../../domain/goods.ts';
import { pictureAddress } from '../../domain/picture-kinds.ts';
import { queryWords, scoreOf, searchedText, trigramsOfAll } from '../../domain/search-words.ts';
import { shopTables } from '../tables.ts';
import { storedGerman } from './translations.ts';

export interface CatalogueQuery extends PageRequest {
  readonly text?: string | undefined;
  readonly category?: string | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  readonly inStock?: boolean | undefined;
  readonly sort: SortOrder;
}

interface ProductCard {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly lowestPrice: number;
  readonly highestPrice: number;
  readonly inStock: boolean;
  readonly picture: string | null;
}

export interface ProductList extends Page<ProductCard> {
  /** On all pages. */
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

export async function findProducts(queries: Queries, query: CatalogueQuery): Promise<ProductList> {
  const words = queryWords(query.text ?? '');
  const scores = words.length === 0 ? undefined : await scoredProducts(queries, words);
  const filter = { ...query, ids: scores && [...scores.keys()] };
  const categories = await matching(queries, { ...filter, category: undefined })
    .groupBy('product.category_id')
    .select((select) => ['product.category_id as category', select.fn.countAll<number>().as('products')])
    .orderBy('product.category_id')
    .execute();
  const { total, inStock, lowestPrice, highestPrice } = await matching(queries, filter)
    .select((select) => [
      select.fn.countAll<number>().as('total'),
      sql<number>`coalesce(sum(case when ${isInStock} then 1 else 0 end), 0)`.as('inStock'),
      select.fn.min<number | null>('product.lowest_price').as('lowestPrice'),
      select.fn.max<number | null>('product.highest_price').as('highestPrice'),
    ])
    .executeTakeFirstOrThrow();
  const byScore = scores !== undefined && query.sort === 'relevance';
  return {
    ...(byScore ? await pageByScore(queries, filter, scores) : await pageInOrder(queries, filter)),
    total: Number(total),
    facets: {
      categories: categories.map(({ category, products }) => ({ category, products: Number(products) })),
      inStock: Number(inStock),
      lowestPrice,
      highestPrice,
    },
  };
}

type Filter = CatalogueQuery & { readonly ids: readonly string[] | undefined };

const isInStock = sql<SqlBool>`exists (select 1 from shop_variant v join shop_stock s on s.variant_id = v.id
  where v.product_id = product.id and v.active = 1 and s.on_hand > s.reserved)`;
const soldPieces = sql<number>`(select cast(coalesce(sum(s.sold), 0) as bigint) from shop_variant v join shop_stock s on s.variant_id = v.id
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

function matchingCards(queries: Queries, filter: Filter) {
  return matching(queries, filter)
    .select(['product.id', 'product.name', 'product.category_id as category'])
    .select(['product.lowest_price as lowestPrice', 'product.highest_price as highestPrice', 'product.picture'])
    .select(sql<number>`case when ${isInStock} then 1 else 0 end`.as('inStock'));
}

type CardRow = Omit<ProductCard, 'inStock'> & { readonly inStock: number };

function cardOf({ id, name, category, lowestPrice, highestPrice, inStock, picture }: CardRow): ProductCard {
  return { id, name, category, lowestPrice, highestPrice, inStock: inStock === 1, picture: pictureAddress(picture) };
}

/** What a list is sorted by, both rising, and by the id after that. */
interface SortKeys {
  readonly first: RawBuilder<number | string>;
  readonly second?: RawBuilder<number>;
  readonly cursor: PageCursor<readonly [number | string, number, string]>;
}

const popular: SortKeys = {
  first: sql<number>`-${soldPieces}`,
  second: turnOfCategory,
  cursor: pageCursor('products, most bought first', ['integer', 'integer', 'text']),
};
const sortKeys: Readonly<Record<SortOrder, SortKeys>> = {
  relevance: popular,
  popular,
  newest: { first: sql<number>`-product.created_at`, cursor: pageCursor('products, newest first', ['integer', 'integer', 'text']) },
  name: { first: sql<string>`product.name`, cursor: pageCursor('products by name', ['text', 'integer', 'text']) },
  price: { first: sql<number>`product.lowest_price`, cursor: pageCursor('products by price', ['integer', 'integer', 'text']) },
  'price-down': {
    first: sql<number>`-product.highest_price`,
    cursor: pageCursor('products, dearest first', ['integer', 'integer', 'text']),
  },
};

async function pageInOrder(queries: Queries, filter: Filter): Promise<Page<ProductCard>> {
  const { first, second = sql<number>`0`, cursor } = sortKeys[filter.sort];
  const cards = matchingCards(queries, filter).select([first.as('first'), second.as('second')]);
  const rows = await shopTables(queries)
    .selectFrom(cards.as('card'))
    .selectAll()
    .where(isAfter(['first', 'second', 'id'], 'asc', cursor.read(filter.after)))
    .orderBy('first')
    .orderBy('second')
    .orderBy('id')
    .limit(filter.limit + 1)
    .execute();
  const { items, next } = pageOf(rows, filter.limit, (row) => cursor.write([row.first, row.second, row.id]));
  return { items: items.map(cardOf), next };
}

const scoreCursor = pageCursor('products that fit best first', ['number', 'text']);

/** By score and id, which the cursor holds: what comes in or goes between two pages moves nothing else. */
async function pageByScore(queries: Queries, filter: Filter, scores: ReadonlyMap<string, number>): Promise<Page<ProductCard>> {
  const [lastScore, lastId] = scoreCursor.read(filter.after) ?? [Number.POSITIVE_INFINITY, ''];
  const found = (await matchingCards(queries, filter).execute()).map((row) => ({ ...row, score: scores.get(row.id) ?? 0 }));
  const rows = found
    .filter(({ score, id }) => score < lastScore || (score === lastScore && id > lastId))
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
  const { items, next } = pageOf(rows, filter.limit, ({ score, id }) => scoreCursor.write([score, id]));
  return { items: items.map(cardOf), next };
}

/** Scores of the products that answer the words, also of those not for sale: candidates by shared trigrams, judged word by word. */
export async function scoredProducts(queries: Queries, words: readonly string[]): Promise<ReadonlyMap<string, number>> {
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
  if (candidates.length === 0) return new Map();
  const ids = candidates.map(({ product_id }) => product_id);
  const texts = await tables
    .selectFrom('shop_product as product')
    .innerJoin('shop_category as category', 'category.id', 'product.category_id')
    .select(['product.id', 'product.name', 'product.keywords', 'category.name as category'])
    .where('product.id', 'in', ids)
    .execute();
  const german = await storedGerman(queries, ids);
  const scored = texts.map(
    (text) => [text.id, scoreOf(words, searchedText({ ...text, germanName: german.say(text.id, text.name) }))] as const,
  );
  return new Map(scored.filter(([, score]) => score > 0));
}
