/** Fills an empty shop with the demonstration's goods: always the same two hundred products, with stock and a few promo codes. */
import type { Random } from '#core/ports/random.ts';
import type { State } from '#core/ports/state.ts';
import { type PromoToSave, savePromo } from '../store/cart/promos.ts';
import { type ProductToSave, receiveGoods, saveCategories, saveProducts } from '../store/catalogue/goods.ts';
import { shopTables } from '../store/tables.ts';
import { type GermanDepartment, germanDepartments } from './demo-german.ts';
import { type DemoDepartment, demoDepartments } from './demo-goods.ts';
import { moreGermanDepartments } from './demo-more-german.ts';
import { moreDemoDepartments } from './demo-more-goods.ts';

const departments = [...demoDepartments, ...moreDemoDepartments];

const always = { minSubtotal: 0, startsAt: null, endsAt: null, maxUses: null, maxUsesPerAccount: null, active: true } as const;
const demoPromos: readonly PromoToSave[] = [
  { ...always, code: 'MOIN10', kind: 'percent', value: 10, maxUsesPerAccount: 1 },
  { ...always, code: 'SPEICHER20', kind: 'amount', value: 20, minSubtotal: 100, maxUses: 500 },
];

export function demoProducts(): readonly ProductToSave[] {
  return departments.flatMap((department) => department.goods.map((good, index) => productOf(department, good, index)));
}

function productOf(department: DemoDepartment, good: string, index: number): ProductToSave {
  const { id: category, prefix, sizes, keywords } = department;
  const [name = '', price = '', sentence = ''] = good.split('|');
  const number = String(index + 1).padStart(3, '0');
  return {
    id: slugOf(name),
    category,
    name,
    description: `${sentence} ${department.says}`,
    active: true,
    // So that it is found by its German name, too.
    keywords: `${keywords} ${germanGood(department, index).name}`,
    variants: sizes.map(([size, factor], place) => ({
      id: `${prefix}-${number}-${place + 1}`,
      name: size,
      active: true,
      price: Math.max(1, Math.round(Number(price) * factor)),
    })),
  };
}

/** What is written about a product, and the same in German: name, description and the names of its sizes. */
export interface DemoText {
  readonly productId: string;
  readonly english: readonly string[];
  readonly german: readonly string[];
}

export function demoTexts(): readonly DemoText[] {
  return departments.flatMap((department) =>
    department.goods.map((good, index) => {
      const { id, name, description, variants } = productOf(department, good, index);
      const translated = germanGood(department, index);
      return {
        productId: id,
        english: [name, description, ...variants.map((variant) => variant.name)],
        german: [translated.name, translated.description, ...translated.sizes],
      };
    }),
  );
}

function germanGood({ id }: DemoDepartment, index: number) {
  const { sizes, says, goods } = { ...germanDepartments, ...moreGermanDepartments }[id] ?? noGerman;
  const [name = '', sentence = ''] = goods[index]?.split('|') ?? [];
  return { name, description: `${sentence} ${says}`, sizes };
}

const noGerman: GermanDepartment = { sizes: [], says: '', goods: [] };

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
    await saveCategories(
      queries,
      departments.map(({ id, name, instrument, taxBasisPoints }) => ({ id, name, instrument, taxBasisPoints })),
    );
    // Locks out another instance that opens the same empty shop at this moment.
    await shopTables(queries)
      .insertInto('shop_setting')
      .values({ name: 'opened', value: 'demo' })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: 'demo' }))
      .execute();
    const any = await shopTables(queries).selectFrom('shop_product').select('id').limit(1).executeTakeFirst();
    if (any !== undefined) return;
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
