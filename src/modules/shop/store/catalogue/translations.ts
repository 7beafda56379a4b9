/** What a house writes about its products in German, beside the English. Each text is kept with the English that it translates: when that changes, it no longer counts. */
import type { Queries, State } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import type { Texts } from '../../demo/translations.ts';
import type { ProductToSave } from '../../domain/product-csv.ts';
import { insertRows } from '../rows.ts';
import { shopTables } from '../tables.ts';

/** The same texts with what is stored of these products. */
export async function withStored(queries: Queries, texts: Texts, productIds: readonly string[]): Promise<Texts> {
  if (texts.language !== 'de' || productIds.length === 0) return texts;
  const rows = await shopTables(queries)
    .selectFrom('shop_translation')
    .select(['product_id', 'english', 'german'])
    .where(isAmong(queries, 'product_id', [...new Set(productIds)]))
    .execute();
  const byProduct = new Map<string, Map<string, string>>();
  for (const { product_id, english, german } of rows) {
    const own = byProduct.get(product_id) ?? new Map<string, string>();
    byProduct.set(product_id, own.set(english, german));
  }
  return { language: 'de', say: (id, stored) => byProduct.get(id)?.get(stored) ?? texts.say(id, stored) };
}

/** The same where nothing else is read: readers of English cost no query. */
export async function readStored(state: State, texts: Texts, productIds: readonly string[]): Promise<Texts> {
  return texts.language === 'de' ? state.read((queries) => withStored(queries, texts, productIds)) : texts;
}

/** Only what is stored. */
export function storedGerman(queries: Queries, productIds: readonly string[]): Promise<Texts> {
  return withStored(queries, { language: 'de', say: (_, stored) => stored }, productIds);
}

/** Of products that bring texts in German; those of others stay. */
export async function saveTranslations(queries: Queries, products: readonly ProductToSave[]): Promise<void> {
  const translated = products.filter(({ german }) => german !== undefined);
  if (translated.length === 0) return;
  await shopTables(queries)
    .deleteFrom('shop_translation')
    .where(
      isAmong(
        queries,
        'product_id',
        translated.map(({ id }) => id),
      ),
    )
    .execute();
  await insertRows(queries, 'shop_translation', translated.flatMap(translationsOf));
}

function translationsOf({ id, name, description, german, variants }: ProductToSave) {
  const texts = [
    [name, german?.name ?? ''],
    [description, german?.description ?? ''],
    ...variants.map((variant) => [variant.name, variant.germanName ?? '']),
  ] as const;
  return texts
    .map(([english = '', translation = ''], place) => ({ product_id: id, place, english, german: translation.trim() }))
    .filter((row) => row.german !== '');
}
