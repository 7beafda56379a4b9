/** The shop's routes for admins: products, stock, orders, refunds, promo codes and customers. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { KontorError } from '#core/errors.ts';
import { requireAdmin } from '#http/sessions.ts';
import {
  AdminOrdersQuery,
  AdminProductsQuery,
  Customers,
  Imported,
  ImportQuery,
  ProductInput,
  PromoRules,
  Promos,
  PromoView,
  ReceiptInput,
  RefundInput,
  RefundView,
  StateInput,
  StockView,
} from './admin-schemas.ts';
import { exportAfter, findStock, importProducts, productIdsAfter } from './admin-store.ts';
import { orderPage, placeOf, type ShopApi } from './api.ts';
import { findProduct } from './catalogue.ts';
import { receiveGoods, saveProducts } from './goods.ts';
import { cancelOrder, changeState, type RefundRequest, refundOrder } from './order-changes.ts';
import { findOrder, listCustomers, listOrders } from './orders.ts';
import { csvHead, readProducts } from './product-csv.ts';
import { findPromo, listPromos, plainCode, savePromo } from './promos.ts';
import { cancellationRefusal, conflict, noOrder, noProduct, refundRefusal, stateRefusal } from './refusals.ts';
import { IdempotencyHeaders, Order, OrderId, OrderPage, Product, ProductId, PromoCode, VariantId } from './schemas.ts';
import { orderView } from './views.ts';

const tags = ['shop admin'];
const maxImportBytes = 8 * 1_024 * 1_024;
const exportRows = 500;
const shownPromos = 500;
const shownCustomers = 500;

const OneProduct = Type.Object({ id: ProductId });
const OneVariant = Type.Object({ id: VariantId });
const OneOrder = Type.Object({ id: OrderId });
const OnePromo = Type.Object({ code: PromoCode });
type One<Schema extends Parameters<typeof Type.Object>[0]> = { Params: Static<ReturnType<typeof Type.Object<Schema>>> };
type ById = One<{ id: typeof ProductId }>;

export function addShopAdminRoutes(server: FastifyInstance, api: ShopApi): void {
  // In a scope of its own: whoever is no admin gets no further, before anything is read or checked.
  server.register(async (scope) => {
    scope.addHook('onRequest', async (request) => void (await requireAdmin(request)));
    addProductRoutes(scope, api);
    addStockRoutes(scope, api);
    addOrderRoutes(scope, api);
    addPromoRoutes(scope, api);
  });
}

function addProductRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

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

  server.put<ById & { Body: ProductInput }>(
    '/api/shop/admin/products/:id',
    { schema: { tags, summary: 'Add a product, or change it', params: OneProduct, body: ProductInput, response: { 200: Product } } },
    async ({ params: { id }, body }) => {
      const ids = body.variants.map((variant) => variant.id);
      if (new Set(ids).size < ids.length) throw invalidField('variants', 'Two variants have the same id: give each its own.');
      return state.write(async (queries) => {
        await saveProducts(queries, state.dialect, [{ ...body, id }], clock.now());
        const product = await findProduct(queries, id, { withInactive: true });
        if (product === undefined) throw noProduct(id);
        return { ...product, variants: [...product.variants] };
      });
    },
  );

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
          await state.write((queries) => importProducts(queries, state.dialect, file, context));
        }
        return { products: file.products.length, variants: file.products.flatMap(({ variants }) => variants).length, dryRun };
      },
    );
  });
}

function invalidField(field: string, message: string): KontorError {
  return new KontorError('invalid_input', message, { details: [{ field, message }] });
}

function addStockRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

  server.get<ById>(
    '/api/shop/admin/stock/:id',
    { schema: { tags, summary: 'A variant’s stock and what came in', params: OneVariant, response: { 200: StockView } } },
    async ({ params: { id } }) => {
      const stock = await state.read((queries) => findStock(queries, id));
      if (stock === undefined) throw new KontorError('not_found', `There is no variant ${id}.`);
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
      if (pieces === 0) throw invalidField('pieces', 'No pieces came in: send how many, or fewer than 0 for what was lost.');
      const stock = await state.write(async (queries) => {
        await receiveGoods(queries, state.dialect, [{ variantId: id, pieces, reason }], { random, now: clock.now(), by: admin.id });
        return findStock(queries, id);
      });
      return reply.code(201).send(stock);
    },
  );
}

function addOrderRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

  async function show(id: string): Promise<Order> {
    const whole = await state.read((queries) => findOrder(queries, id));
    if (whole === undefined) throw noOrder(id);
    return orderView(whole, null);
  }

  server.get<{ Querystring: AdminOrdersQuery }>(
    '/api/shop/admin/orders',
    { schema: { tags, summary: 'Everybody’s orders', querystring: AdminOrdersQuery, response: { 200: OrderPage } } },
    async ({ query: { before, limit, ...filter } }) => {
      const page = await state.read((queries) => listOrders(queries, { ...filter, before: placeOf(before), limit: limit + 1 }));
      return orderPage(page, limit);
    },
  );

  server.get<ById>(
    '/api/shop/admin/orders/:id',
    { schema: { tags, summary: 'One order', params: OneOrder, response: { 200: Order } } },
    async ({ params: { id } }) => show(id),
  );

  server.post<ById & { Body: Static<typeof StateInput> }>(
    '/api/shop/admin/orders/:id/state',
    {
      schema: {
        tags,
        summary: 'Move an order on',
        description: 'Cancelling gives back what was paid; a shipped order is refunded instead.',
        params: OneOrder,
        body: StateInput,
        response: { 200: Order },
      },
    },
    async (request) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { state: to, note } = request.body;
      const context = { dialect: state.dialect, random, now: clock.now(), by: admin.id };
      if (to === 'cancelled') {
        const answer = await state.write((queries) => cancelOrder(queries, id, note, context));
        if (answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw cancellationRefusal(id, answer);
      } else {
        const answer = await state.write((queries) => changeState(queries, { orderId: id, to, note }, context));
        if (answer.outcome !== 'changed') throw stateRefusal(id, answer);
      }
      return show(id);
    },
  );

  server.post<ById & { Body: RefundInput; Headers: { 'idempotency-key': string } }>(
    '/api/shop/admin/orders/:id/refunds',
    {
      schema: {
        tags,
        summary: 'Give back what was paid, all of it or a part',
        params: OneOrder,
        headers: IdempotencyHeaders,
        body: RefundInput,
        response: { 201: RefundView },
      },
    },
    async (request, reply) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { reason } = request.body;
      const what = whatToRefund(request.body);
      const bodyHash = createHash('sha256')
        .update(JSON.stringify([reason, what]))
        .digest('hex');
      const context = { dialect: state.dialect, random, now: clock.now(), by: admin.id };
      const answer = await state.write((queries) =>
        refundOrder(queries, { orderId: id, key: request.headers['idempotency-key'], bodyHash, reason, what }, context),
      );
      if (answer.outcome !== 'refunded') throw refundRefusal(id, answer);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send({ id: answer.refundId, orderId: id, amount: answer.amount });
    },
  );

  server.get(
    '/api/shop/admin/customers',
    { schema: { tags, summary: 'Who ordered something', response: { 200: Customers } } },
    async () => ({
      customers: [...(await state.read((queries) => listCustomers(queries, shownCustomers)))],
    }),
  );
}

function whatToRefund({ everything, restock = false, lines, amount }: RefundInput): RefundRequest['what'] {
  const given = [everything === true, lines !== undefined, amount !== undefined].filter(Boolean).length;
  if (given !== 1) throw invalidField('everything', 'Say what to give back: exactly one of everything, lines and amount.');
  if (lines !== undefined) return { kind: 'pieces', pieces: lines };
  if (amount !== undefined) return { kind: 'amount', amount };
  return { kind: 'everything', restock };
}

function addPromoRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock } = ports;

  server.get('/api/shop/admin/promos', { schema: { tags, summary: 'Promo codes, newest first', response: { 200: Promos } } }, async () => ({
    promos: [...(await state.read((queries) => listPromos(queries, shownPromos)))],
  }));

  server.put<{ Params: Static<typeof OnePromo>; Body: PromoRules }>(
    '/api/shop/admin/promos/:code',
    { schema: { tags, summary: 'Add a promo code, or change it', params: OnePromo, body: PromoRules, response: { 200: PromoView } } },
    async ({ params, body }) => {
      const code = plainCode(params.code);
      if (code.length < 2) throw invalidField('code', 'A promo code has at least two characters beside spaces.');
      if (body.kind === 'percent' && body.value > 100) throw invalidField('value', 'value must be at most 100 percent.');
      if (body.startsAt !== null && body.endsAt !== null && body.endsAt <= body.startsAt)
        throw invalidField('endsAt', 'endsAt must be after startsAt.');
      return state.write(async (queries) => {
        if (!(await savePromo(queries, { ...body, code }, clock.now())))
          throw conflict('maxUses', `${code} was used more often already: let maxUses be at least that, or make the code inactive.`);
        const saved = await findPromo(queries, code);
        if (saved === undefined) throw new KontorError('not_found', `There is no promo code ${code}.`);
        return saved;
      });
    },
  );
}
