/** The shop's routes for admins about goods: products one by one or from CSV, and what is left of them. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { KontorError } from '#core/errors.ts';
import { requireAdmin } from '#http/sessions.ts';
import {
  exportAfter,
  findStock,
  importProducts,
  listStock,
  productIdsAfter,
  receiptsOf,
  stocksOf,
} from '../store/catalogue/admin-store.ts';
import { findProduct } from '../store/catalogue/catalogue.ts';
import { receiveGoods, saveProducts } from '../store/catalogue/goods.ts';
import { csvHead, readProducts } from '../store/catalogue/product-csv.ts';
import {
  AdminProduct,
  AdminProductsQuery,
  Imported,
  ImportQuery,
  ProductInput,
  ReceiptInput,
  ReceiptsQuery,
  StockLevels,
  StockQuery,
  StockView,
} from './admin-schemas.ts';
import type { ShopApi } from './api.ts';
import { pageOf, placeIn } from './places.ts';
import { invalidField, noProduct, noVariant } from './refusals.ts';
import { Product, ProductId, VariantId } from './schemas.ts';

const tags = ['shop admin'];
const maxImportBytes = 8 * 1_024 * 1_024;
const exportRows = 500;

const OneProduct = Type.Object({ id: ProductId });
const OneVariant = Type.Object({ id: VariantId });
type ById = { Params: Static<typeof OneProduct> };

export function addGoodsRoutes(server: FastifyInstance, api: ShopApi): void {
  addProductRoutes(server, api);
  addCsvRoutes(server, api);
  addStockRoutes(server, api);
}

function addProductRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock } = ports;

  server.get<{ Querystring: AdminProductsQuery }>(
    '/api/shop/admin/products',
    {
      schema: {
        tags,
        summary: 'All products, also those not for sale, by id',
        querystring: AdminProductsQuery,
        response: { 200: Type.Object({ products: Type.Array(Product), next: Type.Union([ProductId, Type.Null()]) }) },
      },
    },
    async ({ query: { after, limit } }) =>
      state.read(async (queries) => {
        const ids = await productIdsAfter(queries, after, limit);
        const products = [];
        for (const id of ids) {
          const product = await findProduct(queries, id, { withInactive: true });
          if (product !== undefined) products.push({ ...product, variants: [...product.variants] });
        }
        return { products, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
      }),
  );

  server.get<ById & { Querystring: ReceiptsQuery }>(
    '/api/shop/admin/products/:id',
    {
      schema: {
        tags,
        summary: 'One product, its stock, and what came in',
        params: OneProduct,
        querystring: ReceiptsQuery,
        response: { 200: AdminProduct },
      },
    },
    async ({ params: { id }, query: { before, limit } }) =>
      state.read(async (queries) => {
        const product = await findProduct(queries, id, { withInactive: true });
        if (product === undefined) throw noProduct(id);
        const ids = product.variants.map((variant) => variant.id);
        const stocks = await stocksOf(queries, ids);
        const { page, next } = pageOf(await receiptsOf(queries, ids, placeIn(before), limit + 1), limit, (receipt) => receipt);
        return {
          ...product,
          variants: product.variants.map((variant) => ({ ...variant, stock: stocks.get(variant.id) })),
          receipts: page,
          next,
        };
      }),
  );

  server.put<ById & { Body: ProductInput }>(
    '/api/shop/admin/products/:id',
    { schema: { tags, summary: 'Add a product, or change it', params: OneProduct, body: ProductInput, response: { 200: Product } } },
    async ({ params: { id }, body }) => {
      const ids = body.variants.map((variant) => variant.id);
      if (new Set(ids).size < ids.length)
        throw invalidField('variants', { name: 'variant-twice', values: {} }, 'Two variants have the same id: give each its own.');
      return state.write(async (queries) => {
        await saveProducts(queries, [{ ...body, id }], clock.now());
        const product = await findProduct(queries, id, { withInactive: true });
        if (product === undefined) throw noProduct(id);
        return { ...product, variants: [...product.variants] };
      });
    },
  );
}

function addCsvRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

  server.get(
    '/api/shop/admin/products.csv',
    {
      schema: {
        tags,
        summary: 'All products as CSV, as the import takes it',
        produces: ['text/csv'],
        response: { 200: Type.Unsafe<Readable>({ type: 'string' }) },
      },
    },
    async (_request, reply) => {
      async function* lines() {
        yield csvHead();
        for (let after = ''; ; ) {
          const next = await state.read((queries) => exportAfter(queries, after, exportRows));
          if (next === undefined) return;
          yield next.text;
          after = next.last;
        }
      }
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="products.csv"')
        .send(Readable.from(lines()));
    },
  );

  server.register(async (scope) => {
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: maxImportBytes }, (_request, body, done) => done(null, body));
    scope.post<{ Querystring: Static<typeof ImportQuery>; Body: Buffer }>(
      '/api/shop/admin/products.csv',
      {
        bodyLimit: maxImportBytes,
        schema: {
          tags,
          summary: 'Import products from CSV',
          description: 'All of the file, or nothing: what is wrong is told line by line.',
          consumes: ['text/csv'],
          querystring: ImportQuery,
          response: { 200: Imported },
        },
      },
      async (request) => {
        const admin = await requireAdmin(request);
        if (!Buffer.isBuffer(request.body)) throw new KontorError('unsupported_media', 'Send the file as Content-Type: text/csv.');
        const file = readProducts(request.body);
        const { dryRun } = request.query;
        if (!dryRun) {
          const context = { random, now: clock.now(), by: admin.id };
          await state.write((queries) => importProducts(queries, file, context));
        }
        return { products: file.products.length, variants: file.products.flatMap(({ variants }) => variants).length, dryRun };
      },
    );
  });
}

function addStockRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

  server.get<{ Querystring: StockQuery }>(
    '/api/shop/admin/stock',
    {
      schema: {
        tags,
        summary: 'What is left of everything for sale, the least first',
        querystring: StockQuery,
        response: { 200: StockLevels },
      },
    },
    async ({ query: { below, after, limit } }) => {
      const levels = await state.read((queries) => listStock(queries, { below, after: placeIn(after), limit: limit + 1 }));
      const { page, next } = pageOf(levels, limit, ({ available, variantId }) => ({ at: available, id: variantId }));
      return { stock: page, next };
    },
  );

  server.get<ById>(
    '/api/shop/admin/stock/:id',
    { schema: { tags, summary: 'A variant’s stock and what came in', params: OneVariant, response: { 200: StockView } } },
    async ({ params: { id } }) => {
      const stock = await state.read((queries) => findStock(queries, id));
      if (stock === undefined) throw noVariant(id);
      return { ...stock, receipts: [...stock.receipts] };
    },
  );

  server.post<ById & { Body: Static<typeof ReceiptInput> }>(
    '/api/shop/admin/stock/:id/receipts',
    {
      schema: {
        tags,
        summary: 'Goods came in, or went without being sold',
        params: OneVariant,
        body: ReceiptInput,
        response: { 201: StockView },
      },
    },
    async (request, reply) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { pieces, reason } = request.body;
      if (pieces === 0)
        throw invalidField(
          'pieces',
          { name: 'no-pieces', values: {} },
          'No pieces came in: send how many, or fewer than 0 for what was lost.',
        );
      const stock = await state.write(async (queries) => {
        await receiveGoods(queries, [{ variantId: id, pieces, reason }], { random, now: clock.now(), by: admin.id });
        return findStock(queries, id);
      });
      return reply.code(201).send(stock);
    },
  );
}
