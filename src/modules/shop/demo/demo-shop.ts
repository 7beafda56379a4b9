/** Fills an empty shop with the demonstration's goods: always the same two hundred products, with stock and a few promo codes. */
import type { Random } from '#core/ports/random.ts';
import type { State } from '#core/ports/state.ts';
import type { ProductToSave } from '../domain/product-csv.ts';
import { type PromoToSave, savePromo } from '../store/cart/promos.ts';
import { saveCategories, saveProducts } from '../store/catalogue/save-products.ts';
import { receiveGoods } from '../store/catalogue/stock.ts';
import { isEmptyShop } from '../store/settings.ts';
import { type DemoDepartment, demoDepartments } from './demo-goods.ts';

const always = { minSubtotal: 0, startsAt: null, endsAt: null, maxUses: null, maxUsesPerAccount: null, active: true } as const;
const demoPromos: readonly PromoToSave[] = [
  { ...always, code: 'MOIN10', kind: 'percent', value: 10, maxUsesPerAccount: 1 },
  { ...always, code: 'SPEICHER20', kind: 'amount', value: 20, minSubtotal: 100, maxUses: 500 },
];

/** A product, and what is written about it in German: the name, the description and the names of its sizes. */
interface DemoGood {
  readonly product: ProductToSave;
  readonly german: readonly string[];
}

function demoGoods(): readonly DemoGood[] {
  return demoDepartments.flatMap((department) =>
    department.goods
      .trim()
      .split('\n')
      .map((line, index) => goodOf(department, line.split(' | '), index)),
  );
}

function goodOf(department: DemoDepartment, fields: readonly string[], index: number): DemoGood {
  const { id: category, prefix, sizes, keywords, says, saysGerman } = department;
  const [name = '', germanName = '', price = '', sentence = '', germanSentence = ''] = fields;
  const number = String(index + 1).padStart(3, '0');
  const product = {
    id: slugOf(name),
    category,
    name,
    description: `${sentence} ${says}`,
    // So that it is found by its German name, too.
    keywords: `${keywords} ${germanName}`,
    active: true,
    variants: sizes.map(({ en, factor }, place) => ({
      id: `${prefix}-${number}-${place + 1}`,
      name: en,
      price: Math.max(1, Math.round(Number(price) * factor)),
      active: true,
    })),
  };
  return { product, german: [germanName, `${germanSentence} ${saysGerman}`, ...sizes.map(({ de }) => de)] };
}

export function demoProducts(): readonly ProductToSave[] {
  return demoGoods().map(({ product }) => product);
}

/** The same texts in both languages, in the same order. */
export interface DemoText {
  readonly productId: string;
  readonly english: readonly string[];
  readonly german: readonly string[];
}

export function demoTexts(): readonly DemoText[] {
  return demoGoods().map(({ product: { id, name, description, variants }, german }) => ({
    productId: id,
    english: [name, description, ...variants.map((variant) => variant.name)],
    german,
  }));
}

function slugOf(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{Mark}|[’']/gu, '');
  return plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

/** Some are nearly sold out and a few are, so that both can be seen. */
function demoPieces(index: number): number {
  if (index % 37 === 5) return 0;
  if (index % 11 === 3) return 3;
  return 40 + ((index * 29) % 160);
}

/** Once: a shop that has any product is left as it is. */
export async function openDemoShop(state: State, random: Random, now: number): Promise<void> {
  await state.write(async (queries) => {
    await saveCategories(queries, demoDepartments);
    if (!(await isEmptyShop(queries))) return;
    const products = demoProducts();
    await saveProducts(queries, products, now);
    const receipts = products
      .flatMap(({ variants }) => variants)
      .map(({ id }, index) => ({ variantId: id, pieces: demoPieces(index), reason: 'opening stock' }))
      .filter(({ pieces }) => pieces > 0);
    await receiveGoods(queries, receipts, { random, now, by: 'shop' });
    for (const promo of demoPromos) await savePromo(queries, promo, now);
  });
}
