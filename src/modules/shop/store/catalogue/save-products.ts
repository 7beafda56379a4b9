/** Changing the catalogue: products with their variants and search index, and departments. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { isAmong } from '#core/sql/among.ts';
import type { ProductToSave } from '../../domain/product-csv.ts';
import { searchedText, trigramsOfAll } from '../../domain/search-words.ts';
import { shopRefusals } from '../../refusals.ts';
import { insertRows } from '../rows.ts';
import { type ShopTables, shopTables } from '../tables.ts';
import { type Category, listCategories } from './products.ts';
import { saveTranslations, storedGerman } from './translations.ts';

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

/** Adds products, or changes them. Variants that are not named stay stored, because past orders name them, but are no longer sold. */
export async function saveProducts(
  queries: Queries,
  products: readonly ProductToSave[],
  now: number,
  { onlyNew = false }: { readonly onlyNew?: boolean } = {},
): Promise<void> {
  const categories = new Map((await listCategories(queries)).map(({ id, name }) => [id, name]));
  const homeless = products.find(({ category }) => !categories.has(category));
  if (homeless !== undefined) {
    const values = { category: homeless.category, known: [...categories.keys()].join(', ') };
    throw refuse(shopRefusals, 'no-category', values, 'category');
  }
  refuseRepeatedVariants(products);
  await refuseForeignVariants(queries, products);
  await (onlyNew ? insertProducts(queries, products, now) : upsertProducts(queries, products, now));
  await upsertVariants(queries, products);
  await saveTranslations(queries, products);
  await indexProducts(queries, products, categories);
}

function refuseRepeatedVariants(products: readonly ProductToSave[]): void {
  const ids = products.flatMap(({ variants }) => variants.map(({ id }) => id));
  if (new Set(ids).size < ids.length) throw refuse(shopRefusals, 'variant-twice', {}, 'variants');
}

/** A variant keeps its product for good: orders and stock refer to it. */
async function refuseForeignVariants(queries: Queries, products: readonly ProductToSave[]): Promise<void> {
  const owners = new Map(products.flatMap(({ id, variants }) => variants.map((variant) => [variant.id, id])));
  const stored = await shopTables(queries)
    .selectFrom('shop_variant')
    .select(['id', 'product_id'])
    .where(isAmong(queries, 'id', [...owners.keys()]))
    .execute();
  const foreign = stored.find(({ id, product_id }) => owners.get(id) !== product_id);
  if (foreign === undefined) return;
  throw refuse(shopRefusals, 'variant-of-another', { variant: foreign.id, product: foreign.product_id }, 'variants');
}

/** The one statement that inserts also finds who was first: of two at once, the second is refused. */
async function insertProducts(queries: Queries, products: readonly ProductToSave[], now: number): Promise<void> {
  const inserted = await insertRows(queries, 'shop_product', rowsOf(products, now), sql`on conflict (id) do nothing`);
  if (inserted < products.length) throw refuse(shopRefusals, 'product-exists', { id: idsOf(products).join(', ') }, 'id');
}

async function upsertProducts(queries: Queries, products: readonly ProductToSave[], now: number): Promise<void> {
  const update = sql`on conflict (id) do update set category_id = excluded.category_id, name = excluded.name,
    description = excluded.description, keywords = excluded.keywords, active = excluded.active, lowest_price = excluded.lowest_price,
    highest_price = excluded.highest_price, changed_at = excluded.changed_at`;
  await insertRows(queries, 'shop_product', rowsOf(products, now), update);
}

function rowsOf(products: readonly ProductToSave[], now: number): readonly ShopTables['shop_product'][] {
  return products.map(({ id, category, name, description, keywords, active, variants }) => {
    const sold = variants.filter((variant) => variant.active);
    const prices = (sold.length > 0 ? sold : variants).map(({ price }) => price);
    return {
      id,
      category_id: category,
      name,
      description,
      keywords,
      active: flag(active && sold.length > 0),
      lowest_price: Math.min(...prices),
      highest_price: Math.max(...prices),
      created_at: now,
      changed_at: now,
      // Of a new product: that of a stored one stays.
      picture: null,
    };
  });
}

async function upsertVariants(queries: Queries, products: readonly ProductToSave[]): Promise<void> {
  await shopTables(queries)
    .updateTable('shop_variant')
    .set({ active: 0 })
    .where(isAmong(queries, 'product_id', idsOf(products)))
    .execute();
  const variants = products.flatMap((product) =>
    product.variants.map(({ id, name, price, active }, place) => ({
      id,
      product_id: product.id,
      name,
      price,
      place,
      active: flag(active),
    })),
  );
  const update = sql`on conflict (id) do update set name = excluded.name, price = excluded.price, place = excluded.place,
    active = excluded.active`;
  await insertRows(queries, 'shop_variant', variants, update);
  const shelves = variants.map(({ id }) => ({ variant_id: id, on_hand: 0, reserved: 0, received: 0, sold: 0, returned: 0 }));
  await insertRows(queries, 'shop_stock', shelves, sql`on conflict (variant_id) do nothing`);
}

async function indexProducts(queries: Queries, products: readonly ProductToSave[], categories: ReadonlyMap<string, string>): Promise<void> {
  await shopTables(queries)
    .deleteFrom('shop_trigram')
    .where(isAmong(queries, 'product_id', idsOf(products)))
    .execute();
  const texts = await storedGerman(queries, idsOf(products));
  const rows = products.flatMap(({ id, category, name: english, keywords }) => {
    const germanName = texts.say(id, english);
    const { name, about } = searchedText({ name: english, germanName, keywords, category: categories.get(category) ?? '' });
    return trigramsOfAll([...name, ...about]).map((trigram) => ({ trigram, product_id: id }));
  });
  await insertRows(queries, 'shop_trigram', rows);
}

function idsOf(products: readonly ProductToSave[]): readonly string[] {
  return products.map(({ id }) => id);
}

function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
