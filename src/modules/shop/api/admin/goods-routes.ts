/** Goods for admins over HTTP. */
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { nextTurn } from '#http/turns.ts';
import { textsFor } from '../../demo/translations.ts';
import { type ProductsFile, ProductsReader } from '../../domain/product-csv.ts';
import { shopRefusals } from '../../refusals.ts';
import { exportProducts, importProducts } from '../../store/catalogue/csv-transfer.ts';
import { findAdminProduct, findProduct, listProducts, searchProducts } from '../../store/catalogue/products.ts';
import { saveProducts } from '../../store/catalogue/save-products.ts';
import { findStock, listStock, receiveGoods } from '../../store/catalogue/stock.ts';
import { withStored } from '../../store/catalogue/translations.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './goods-contracts.ts';
import { withNames } from './names.ts';

export function goodsRoutes(api: ShopApi): readonly Route[] {
  return [...productRoutes(api), ...csvRoutes(api), ...stockRoutes(api)];
}

function productRoutes({ ports: { state, clock } }: ShopApi): readonly Route[] {
  return [
    route(contracts.listProducts, async ({ query: { search, ...page } }) => {
      const { items, next } = await state.read((queries) =>
        search === undefined ? listProducts(queries, page) : searchProducts(queries, { ...page, search }),
      );
      return { products: items, next };
    }),

    route(contracts.readProduct, ({ params: { id }, query }) =>
      state.read(async (queries) => {
        const product = await findAdminProduct(queries, id, query);
        if (product === undefined) throw refuse(shopRefusals, 'no-product', { id });
        const texts = await withStored(queries, textsFor('de'), [id]);
        const german = (text: string) => (texts.say(id, text) === text ? '' : texts.say(id, text));
        return {
          ...product,
          variants: product.variants.map((variant) => ({ ...variant, germanName: german(variant.name) })),
          german: { name: german(product.name), description: german(product.description) },
          receipts: await withNames(queries, product.receipts),
        };
      }),
    ),

    route(contracts.saveProduct, async ({ params: { id }, headers, body }) =>
      state.write(async (queries) => {
        await saveProducts(queries, [{ ...body, id }], clock.now(), { onlyNew: headers['if-none-match'] !== undefined });
        const product = await findProduct(queries, id, { withInactive: true });
        if (product === undefined) throw refuse(shopRefusals, 'no-product', { id });
        return product;
      }),
    ),
  ];
}

function csvRoutes({ ports: { state, clock, random } }: ShopApi): readonly Route[] {
  return [
    route(contracts.exportProducts, ({ reply }) => {
      reply.header('content-disposition', 'attachment; filename="products.csv"');
      return exportProducts(state);
    }),

    route(contracts.importProducts, async ({ account, query: { dryRun }, body }) => {
      const file = await readInTurns(body);
      const context = { random, now: clock.now(), by: account.id };
      if (!dryRun) await state.write((queries) => importProducts(queries, file, context));
      return { products: file.products.length, variants: file.products.flatMap(({ variants }) => variants).length, dryRun };
    }),
  ];
}

const pieceBytes = 32_768;

/** Other requests are answered between the pieces of a large file. */
async function readInTurns(body: Uint8Array): Promise<ProductsFile> {
  const reader = new ProductsReader();
  for (let at = 0; at < body.byteLength; at += pieceBytes) {
    reader.add(body.subarray(at, at + pieceBytes));
    await nextTurn();
  }
  return reader.end();
}

function stockRoutes({ ports: { state, clock, random } }: ShopApi): readonly Route[] {
  return [
    route(contracts.listStock, async ({ query }) => {
      const { items, next } = await state.read((queries) => listStock(queries, query));
      return { stock: items, next };
    }),

    route(contracts.readStock, ({ params: { id } }) => state.read((queries) => stockWithNames(queries, id))),

    route(contracts.receivePieces, async ({ account, params: { id }, body: { pieces, reason } }) => {
      if (pieces === 0) throw refuse(shopRefusals, 'no-pieces', {}, 'pieces');
      const context = { random, now: clock.now(), by: account.id };
      return state.write(async (queries) => {
        await receiveGoods(queries, [{ variantId: id, pieces, reason }], context);
        return stockWithNames(queries, id);
      });
    }),
  ];
}

async function stockWithNames(queries: Queries, id: string) {
  const stock = await findStock(queries, id);
  if (stock === undefined) throw refuse(shopRefusals, 'no-variant', { id });
  return { ...stock, receipts: await withNames(queries, stock.receipts) };
}
