/** What the catalogue and every list of the shop must do on every State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Page, PageRequest } from '#core/paging.ts';
import { listPromos, savePromo } from '../../store/cart/promos.ts';
import { type CatalogueQuery, findProducts } from '../../store/catalogue/find-products.ts';
import { listProducts } from '../../store/catalogue/products.ts';
import { saveProducts } from '../../store/catalogue/save-products.ts';
import { listStock, receiptsOf } from '../../store/catalogue/stock.ts';
import { listCustomers, listOrders, listRefunds } from '../../store/orders/orders.ts';
import { lampId, type ShopWorld, teaId } from '../shop-world.ts';
import { ordered, promo, refund } from './acts.ts';

function teaNamed(id: string) {
  const variants = [{ id: id.toUpperCase(), name: 'one', price: 3, active: true }];
  return { id, category: 'tea', name: id, description: '', keywords: '', active: true, variants };
}

/** Everything of a list, a row a page. */
async function walked<Item>(list: (page: PageRequest) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await list({ limit: 1, after });
    all.push(...items);
    if (next === null) return all;
    after = next;
  }
}

type Open = (t: TestContext, options?: { readonly lamps?: number }) => Promise<ShopWorld>;

export function catalogueContract(name: string, open: Open): void {
  describe(`catalogue and lists: ${name}`, () => {
    it('finds what is meant in spite of slips, and counts facets', async (t) => {
      const world = await open(t, { lamps: 0 });
      const find = (query: Partial<CatalogueQuery>) =>
        world.state.read((queries) => findProducts(queries, { sort: 'relevance', limit: 10, ...query }));
      for (const text of ['harbour', 'HARBOR tea', 'habrour', 'asam', 'harb']) {
        assert.deepEqual(
          (await find({ text })).items.map(({ id }) => id),
          ['harbour-tea'],
          text,
        );
      }
      assert.equal((await find({ text: 'submarine' })).total, 0);
      const { facets, total } = await find({ category: 'ship' });
      assert.deepEqual([total, facets.inStock, facets.categories.length], [1, 0, 2]);
      assert.deepEqual(
        (await find({ inStock: true })).items.map(({ id }) => id),
        ['harbour-tea'],
      );
      assert.deepEqual(
        (await find({ sort: 'price-down' })).items.map(({ id }) => id),
        ['storm-lamp', 'harbour-tea'],
      );
      assert.deepEqual((await find({ maxPrice: 10, sort: 'name' })).total, 1);
    });

    it('lists everything page by page', async (t) => {
      const world = await open(t);
      const orderId = await ordered(world, await world.customer('anna', 100), { [teaId]: 2 });
      for (const amount of [1, 2, 3]) await refund(world, orderId, { kind: 'amount', amount });
      await world.state.read(async (queries) => {
        const levels = await listStock(queries, { below: 99, limit: 9 });
        assert.deepEqual(
          levels.items.map(({ variantId, available }) => [variantId, available]),
          [
            [lampId, 10],
            [teaId, 98],
          ],
        );
      });
      await ordered(world, await world.customer('ben', 100), { [lampId]: 1 });
      for (const code of ['MOIN', 'TSCHUESS']) await world.state.write((queries) => savePromo(queries, { ...promo, code }, 0));
      await world.state.read(async (queries) => {
        const lists: Readonly<Record<string, (page: PageRequest) => Promise<Page<unknown>>>> = {
          stock: (page: PageRequest) => listStock(queries, page),
          settled: (page: PageRequest) => listRefunds(queries, { settled: true, ...page }),
          receipts: (page: PageRequest) => receiptsOf(queries, [teaId, lampId], page),
          customers: (page: PageRequest) => listCustomers(queries, page),
          orders: (page: PageRequest) => listOrders(queries, page),
          products: (page: PageRequest) => listProducts(queries, page),
          promos: (page: PageRequest) => listPromos(queries, page),
        };
        const counts = new Map<string, number>();
        for (const [name, list] of Object.entries(lists)) {
          const all = await list({ limit: 9 });
          assert.deepEqual(await walked(list), all.items, name);
          assert.equal(all.next, null, name);
          counts.set(name, all.items.length);
        }
        assert.deepEqual(Object.fromEntries(counts), {
          stock: 2,
          settled: 3,
          receipts: 2,
          customers: 2,
          orders: 2,
          products: 2,
          promos: 2,
        });
        assert.deepEqual((await listRefunds(queries, { settled: false, limit: 9 })).items, []);
      });
    });

    it('shows what sells first, then some of every department, the same on every page', async (t) => {
      const world = await open(t);
      const teas = ['assam', 'ceylon', 'dimbula', 'earl-grey'].map(teaNamed);
      await world.state.write((queries) => saveProducts(queries, teas, world.clock.now()));
      await ordered(world, await world.customer('anna', 100), { [teaId]: 1 });
      const pages = async (sort: CatalogueQuery['sort'], text?: string) => {
        const shown: string[][] = [];
        for (let after: string | undefined; ; ) {
          const { items, next } = await world.state.read((queries) => findProducts(queries, { sort, limit: 2, after, text }));
          shown.push(items.map(({ id }) => id));
          if (next === null) return shown;
          after = next;
        }
      };
      const bestSold = [
        ['harbour-tea', 'assam'],
        ['storm-lamp', 'ceylon'],
        ['dimbula', 'earl-grey'],
      ];
      assert.deepEqual(await pages('relevance'), bestSold);
      assert.deepEqual(await pages('popular'), bestSold);
      assert.deepEqual(await pages('name'), [
        ['harbour-tea', 'storm-lamp'],
        ['assam', 'ceylon'],
        ['dimbula', 'earl-grey'],
      ]);
      assert.deepEqual((await pages('price')).flat(), ['assam', 'ceylon', 'dimbula', 'earl-grey', 'harbour-tea', 'storm-lamp']);
      assert.deepEqual((await pages('price-down')).flat(), ['storm-lamp', 'harbour-tea', 'assam', 'ceylon', 'dimbula', 'earl-grey']);
      assert.deepEqual((await pages('newest')).flat().length, 6);
      // Found by its department alone, Harbour Tea by its name: it comes first, the others by their ids.
      assert.deepEqual((await pages('relevance', 'tea')).flat(), ['harbour-tea', 'assam', 'ceylon', 'dimbula', 'earl-grey']);
    });

    it('leafs through what was searched for without gaps or repetitions while products come and go', async (t) => {
      const world = await open(t);
      const save = (...ids: string[]) => world.state.write((queries) => saveProducts(queries, ids.map(teaNamed), world.clock.now()));
      await save('assam', 'ceylon', 'dimbula', 'earl-grey');
      const find = (after?: string) =>
        world.state.read((queries) => findProducts(queries, { sort: 'relevance', text: 'tea', limit: 2, after }));
      const first = await find();
      await save('bancha', 'zhejiang');
      const second = await find(first.next ?? undefined);
      const third = await find(second.next ?? undefined);
      assert.deepEqual(
        [first, second, third].map(({ items }) => items.map(({ id }) => id)),
        [
          ['harbour-tea', 'assam'],
          ['bancha', 'ceylon'],
          ['dimbula', 'earl-grey'],
        ],
      );
      await assert.rejects(
        world.state.read((queries) => findProducts(queries, { sort: 'price', limit: 2, after: first.next ?? '' })),
        /after must be the "next" of a page of this list/,
      );
    });
  });
}
