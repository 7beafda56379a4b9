/** Changing the catalogue and the stock: products with their variants and search index, categories, and goods received. */

import { sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { conflict, invalidField, noVariant } from '../../api/refusals.ts';
import { trigramsOfAll } from '../../domain/search-words.ts';
import { shopTables } from '../tables.ts';
import { type Category, listCategories, searchedText } from './catalogue.ts';

export interface ProductToSave {
  readonly id: string;
  readonly category: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: string;
  readonly active: boolean;
  readonly variants: readonly VariantToSave[];
}

export interface VariantToSave {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly active: boolean;
}

export const maxVariants = 20;

export async function saveCategories(queries: Queries, categories: readonly Category[]): Promise<void> {
  await shopTables(queries)
    .insertInto('shop_category')
    .values(
      categories.map(({ id, name, instrument, taxBasisPoints }, place) => ({
        id,
        name,
        instrument,
        tax_basis_points: taxBasisPoints,
        place,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Adds the product, or changes it. Variants that are not named stay in the books, for past orders name them, but are no longer sold. */
export async function saveProducts(queries: Queries, products: readonly ProductToSave[], now: number): Promise<void> {
  const categories = new Map((await listCategories(queries)).map((category) => [category.id, category]));
  for (const product of products) {
    if (!categories.has(product.category)) {
      const message = `There is no category ${product.category}; there are ${[...categories.keys()].join(', ')}.`;
      throw invalidField('category', { name: 'no-category', values: { category: product.category } }, message);
    }
  }
  await refuseForeignVariants(queries, products);
  await upsertProducts(queries, products, now);
  await upsertVariants(queries, products);
  await indexProducts(
    queries,
    products.map(({ id, name, keywords, category }) => ({ id, name, keywords, category: categories.get(category)?.name ?? '' })),
  );
}

/** A variant keeps its product for good: orders and stock stand on it. */
async function refuseForeignVariants(queries: Queries, products: readonly ProductToSave[]): Promise<void> {
  const owners = new Map(products.flatMap(({ id, variants }) => variants.map((variant) => [variant.id, id])));
  const stored = await shopTables(queries)
    .selectFrom('shop_variant')
    .select(['id', 'product_id'])
    .where(isAmong(queries, 'id', [...owners.keys()]))
    .execute();
  const foreign = stored.find(({ id, product_id }) => owners.get(id) !== product_id);
  if (foreign === undefined) return;
  const message = `The variant ${foreign.id} belongs to the product ${foreign.product_id}: give the new one an id of its own.`;
  throw conflict('variants', { name: 'variant-of-another', values: { variant: foreign.id, product: foreign.product_id } }, message);
}

async function upsertProducts(queries: Queries, products: readonly ProductToSave[], now: number): Promise<void> {
  const columns = {
    id: 'text',
    category_id: 'text',
    name: 'text',
    description: 'text',
    keywords: 'text',
    active: 'bigint',
    lowest_price: 'bigint',
    highest_price: 'bigint',
    created_at: 'bigint',
    changed_at: 'bigint',
  } as const;
  const rows = products.map((product) => {
    const sold = product.variants.filter(({ active }) => active);
    const prices = (sold.length > 0 ? sold : product.variants).map(({ price }) => price);
    return {
      id: product.id,
      category_id: product.category,
      name: product.name,
      description: product.description,
      keywords: product.keywords,
      active: product.active && sold.length > 0 ? 1 : 0,
      lowest_price: Math.min(...prices),
      highest_price: Math.max(...prices),
      created_at: now,
      changed_at: now,
    };
  });
  await sql`insert into shop_product (id, category_id, name, description, keywords, active, lowest_price, highest_price, created_at, changed_at)
    ${rowsFrom(queries, columns, rows)} on conflict (id) do update set category_id = excluded.category_id, name = excluded.name,
    description = excluded.description, keywords = excluded.keywords, active = excluded.active, lowest_price = excluded.lowest_price,
    highest_price = excluded.highest_price, changed_at = excluded.changed_at`.execute(queries);
}

async function upsertVariants(queries: Queries, products: readonly ProductToSave[]): Promise<void> {
  await shopTables(queries)
    .updateTable('shop_variant')
    .set({ active: 0 })
    .where(
      isAmong(
        queries,
        'product_id',
        products.map(({ id }) => id),
      ),
    )
    .execute();
  const columns = { id: 'text', product_id: 'text', name: 'text', price: 'bigint', place: 'bigint', active: 'bigint' } as const;
  const rows = products.flatMap((product) =>
    product.variants.map(({ id, name, price, active }, place) => ({
      id,
      product_id: product.id,
      name,
      price,
      place,
      active: active ? 1 : 0,
    })),
  );
  await sql`insert into shop_variant (id, product_id, name, price, place, active) ${rowsFrom(queries, columns, rows)}
    on conflict (id) do update set name = excluded.name, price = excluded.price, place = excluded.place, active = excluded.active`.execute(
    queries,
  );
  await sql`insert into shop_stock (variant_id, on_hand, reserved, received, sold, returned)
    select id, 0, 0, 0, 0, 0 from (${rowsFrom(queries, { id: 'text' }, rows)}) as added where true
    on conflict (variant_id) do nothing`.execute(queries);
}

async function indexProducts(
  queries: Queries,
  products: readonly { id: string; name: string; keywords: string; category: string }[],
): Promise<void> {
  await shopTables(queries)
    .deleteFrom('shop_trigram')
    .where(
      isAmong(
        queries,
        'product_id',
        products.map(({ id }) => id),
      ),
    )
    .execute();
  const rows = products.flatMap((product) => {
    const { name, about } = searchedText(product);
    return trigramsOfAll([...name, ...about]).map((trigram) => ({ trigram, product_id: product.id }));
  });
  await sql`insert into shop_trigram (trigram, product_id) ${rowsFrom(queries, { trigram: 'text', product_id: 'text' }, rows)}`.execute(
    queries,
  );
}

/** However many ids, one bound value a column. */
export interface Receipt {
  readonly variantId: string;
  /** Negative for what was lost or broken. */
  readonly pieces: number;
  readonly reason: string;
}

/** Goods that came in, or went without being sold. Reserved pieces cannot go. */
export async function receiveGoods(
  queries: Queries,
  receipts: readonly Receipt[],
  { random, now, by }: { random: Random; now: number; by: string },
): Promise<void> {
  for (const { variantId, pieces } of [...receipts].sort((one, other) => (one.variantId < other.variantId ? -1 : 1))) {
    const { numUpdatedRows } = await shopTables(queries)
      .updateTable('shop_stock')
      .set((stock) => ({ on_hand: stock('on_hand', '+', pieces), received: stock('received', '+', pieces) }))
      .where('variant_id', '=', variantId)
      .where(sql<boolean>`on_hand + ${pieces} >= reserved`)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) continue;
    const known = await shopTables(queries).selectFrom('shop_stock').selectAll().where('variant_id', '=', variantId).executeTakeFirst();
    if (known === undefined) throw noVariant(variantId);
    const most = known.on_hand - known.reserved;
    const message = `Of ${variantId} there are ${known.on_hand} pieces, ${known.reserved} of them reserved: at most ${most} can be taken away.`;
    throw conflict('pieces', { name: 'pieces-left', values: { variant: variantId, most } }, message);
  }
  const columns = { id: 'text', variant_id: 'text', pieces: 'bigint', reason: 'text', by_whom: 'text', at: 'bigint' } as const;
  const rows = receipts.map(({ variantId, pieces, reason }) => ({
    id: random.id(),
    variant_id: variantId,
    pieces,
    reason,
    by_whom: by,
    at: now,
  }));
  await sql`insert into shop_receipt (id, variant_id, pieces, reason, by_whom, at) ${rowsFrom(queries, columns, rows)}`.execute(queries);
}
