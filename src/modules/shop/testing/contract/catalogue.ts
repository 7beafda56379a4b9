/** What the catalogue and every list of the shop must do on every State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Page, PageRequest } from '#core/paging.ts';
import { listPromos, savePromo } from '../../store/cart/promos.ts';
import { type CatalogueQuery, findProducts } from '../../store/catalogue/find-products.ts';
import { listProducts, searchProducts } from '../../store/catalogue/products.ts';
import { saveProducts } from '../../store/catalogue/save-products.ts';
import { listStock, receiptsOf } from '../../store/catalogue/stock.ts';
import { listCustomers, listOrders, listRefunds } from '../../store/orders/orders.ts';
import { readOverview } from '../../store/overview.ts';
import { lampId, type ShopWorld, teaId, teaPrice } from '../shop-world.ts';
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

    it('makes a product once that two make at once', async (t) => {
      const world = await open(t);
      const make = () => world.state.write((queries) => saveProducts(queries, [teaNamed('green-tea')], 1, { onlyNew: true }));
      const made = await Promise.allSettled([make(), make()]);
      assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    });

    it('is searched by admins through words and the beginning of an article number, also what is not for sale', async (t) => {
      const world = await open(t);
      const old = { ...teaNamed('old-tea'), active: false };
      await world.state.write((queries) => saveProducts(queries, [old, teaNamed('new-tea')], 1));
      const search = (text: string) => walked((page) => world.state.read((queries) => searchProducts(queries, { ...page, search: text })));
      const found = async (text: string) => (await search(text)).map(({ id }) => id);
      assert.deepEqual(await found('old-t'), ['old-tea'], 'an article number');
      assert.deepEqual(await found(teaId.slice(0, 3).toLowerCase()), ['harbour-tea', 'new-tea', 'old-tea']);
      assert.deepEqual(await found('lantern'), ['storm-lamp']);
      assert.deepEqual(await found('%'), []);
    });

    it('is told at a glance: sales, refunds, open orders, and what runs low', async (t) => {
      const world = await open(t, { lamps: 9 });
      await world.customer('anna', 1_000);
      const first = await ordered(world, 'anna', { [teaId]: 2 });
      await world.clock.advance(2 * 86_400_000);
      await ordered(world, 'anna', { [teaId]: 1 });
      await ordered(world, 'anna', { [lampId]: 1 }, 'provider');
      await refund(world, first, { kind: 'amount', amount: 5 });
      const { sales, refunds, owed, open: waiting, low } = await world.state.read((queries) => readOverview(queries, world.clock.now()));
      assert.deepEqual(sales, {
        spans: [
          { hours: 24, count: 1, coins: teaPrice },
          { hours: 168, count: 2, coins: 3 * teaPrice },
          { hours: 720, count: 2, coins: 3 * teaPrice },
        ],
        countedSince: null,
      });
      assert.deepEqual(refunds.spans[0], { hours: 24, count: 1, coins: 5 });
      assert.deepEqual(owed, { count: 0, coins: 0 });
      assert.deepEqual(
        waiting.map(({ state, orders }) => [state, orders]),
        [
          ['awaiting_payment', 1],
          ['paid', 2],
          ['packed', 0],
          ['shipped', 0],
        ],
      );
      assert.deepEqual(
        low.map(({ variantId, available }) => [variantId, available]),
        [[lampId, 8]],
      );
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
