/** The shop's routes for everybody: the catalogue, the cart of whoever asks, checkout, and one's own orders. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { invariant } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { accountOf, requireAccount } from '#http/sessions.ts';
import { type Texts, textsFor } from '../demo/translations.ts';
import { maxCartLines } from '../domain/arithmetic.ts';
import type { CheckoutRequest } from '../domain/checkout-plan.ts';
import { noteOf } from '../domain/house-notes.ts';
import { pictureOf } from '../domain/pictures.ts';

import type { ShopTerms } from '../ports/ports.ts';
import { cartToChange, emptyCart, itemsOf, readCart, type Shopper, setItem, setPromoCode } from '../store/cart/carts.ts';
import { plainCode } from '../store/cart/promos.ts';
import { findOffers, findProduct, findProducts, listCategories } from '../store/catalogue/catalogue.ts';
import { holderOfCart, reservationsOf, reserve } from '../store/catalogue/stock.ts';
import { type CheckoutAnswer, type CheckoutContext, checkOut } from '../store/checkout/checkout.ts';
import type { CheckoutDesk } from '../store/checkout/checkout-desk.ts';
import { wholeOrderOf } from '../store/checkout/order-writing.ts';
import { cancelOrder } from '../store/orders/order-changes.ts';
import { findOrder, listOrders, type OrderRow, type WholeOrder } from '../store/orders/orders.ts';
import type { GuestCookie } from './guest-cookie.ts';
import { pageOf, placeIn } from './places.ts';
import { cancellationRefusal, checkoutRefusal, conflict, noOrder, noProduct, noVariant, tooFew } from './refusals.ts';
import { RenderedPages } from './rendered-pages.ts';
import {
  CartView,
  CheckoutInput,
  IdempotencyHeaders,
  Order,
  OrderId,
  OrderPage,
  OrdersQuery,
  Product,
  ProductId,
  ProductPage,
  ProductsQuery,
  PromoInput,
  Quantity,
  ReservationView,
  ShopCategories,
  VariantId,
} from './schemas.ts';
import { cartView, orderSummary, orderView, productView } from './views.ts';

export interface ShopApi {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;
  readonly options: ShopTerms;
  readonly desk: CheckoutDesk;
  readonly cookie: GuestCookie;
  context(): CheckoutContext;
}

const tags = ['shop'];
const OneProduct = Type.Object({ id: ProductId });
type OneProduct = Static<typeof OneProduct>;
const OneOrder = Type.Object({ id: OrderId });
type OneOrder = Static<typeof OneOrder>;
const OneVariant = Type.Object({ id: VariantId });
type OneVariant = Static<typeof OneVariant>;

export function addShopRoutes(server: FastifyInstance, api: ShopApi): void {
  addCatalogueRoutes(server, api);
  addCartRoutes(server, api);
  addOrderRoutes(server, api);
}

function addCatalogueRoutes(server: FastifyInstance, { ports: { state, clock }, options }: ShopApi): void {
  const pages = new RenderedPages(clock);

  server.get('/api/shop/categories', { schema: { tags, summary: 'The departments', response: { 200: ShopCategories } } }, async () => ({
    categories: [...(await state.read(listCategories))],
    taxMode: options.taxMode,
    payments: options.payments === undefined ? ['coins'] : ['coins', 'provider'],
  }));

  server.get<{ Querystring: ProductsQuery }>(
    '/api/shop/products',
    {
      schema: {
        tags,
        summary: 'Products, searched and sorted',
        description: 'Stock and prices may be a second old here; what counts is decided at checkout.',
        querystring: ProductsQuery,
        response: { 200: ProductPage },
      },
    },
    async ({ query, headers }, reply) => {
      const texts = textsFor(headers['accept-language']);
      const page = await pages.get(`${texts.language} ${JSON.stringify(query)}`, async () => {
        const found = await state.read((queries) => findProducts(queries, query));
        const products = found.products.map((card) => ({ ...card, name: texts.say(card.id, card.name) }));
        return reply.serialize({ ...found, products }) as string;
      });
      return reply
        .header('vary', 'accept-language')
        .header('cache-control', 'public, max-age=1')
        .type('application/json; charset=utf-8')
        .send(page);
    },
  );

  server.get<{ Params: OneProduct }>(
    '/api/shop/products/:id',
    { schema: { tags, summary: 'One product', params: OneProduct, response: { 200: Product } } },
    async ({ params: { id }, headers }, reply) => {
      const product = await state.read((queries) => findProduct(queries, id));
      if (product === undefined) throw noProduct(id);
      reply.header('vary', 'accept-language');
      return productView(product, textsFor(headers['accept-language']));
    },
  );

  server.get<{ Params: OneProduct }>(
    '/api/shop/products/:id/picture.svg',
    {
      schema: {
        tags,
        summary: 'Its picture',
        description: 'Drawn from the product itself: the same product has the same picture.',
        params: OneProduct,
        produces: ['image/svg+xml'],
        response: { 200: Type.String() },
      },
    },
    async ({ params: { id } }, reply) => {
      const product = await state.read((queries) => findProduct(queries, id, { withInactive: true }));
      if (product === undefined) throw noProduct(id);
      return reply
        .header('cache-control', 'public, max-age=86400')
        .type('image/svg+xml; charset=utf-8')
        .serializer(asItIs)
        .send(pictureOf(product));
    },
  );
}

function textsOf(request: FastifyRequest): Texts {
  return textsFor(request.headers['accept-language']);
}

/** A text that is an answer already. */
function asItIs(text: unknown): string {
  return text as string;
}

function addCartRoutes(server: FastifyInstance, api: ShopApi): void {
  const { ports, options, cookie } = api;
  const { state, clock, random } = ports;
  const reply200 = { 200: CartView };

  async function shopperOf(request: FastifyRequest): Promise<Shopper> {
    return { accountId: (await accountOf(request))?.id, guestCartId: cookie.read(request) };
  }

  async function view(shopper: Shopper, texts: Texts): Promise<CartView> {
    return state.read(async (queries) => {
      const cart = await readCart(queries, shopper);
      const holder = holderOfCart(cart.id ?? '');
      const kept = new Map(((await reservationsOf(queries, [holder])).get(holder) ?? []).map((item) => [item.variantId, item.quantity]));
      return cartView(queries, cart, { accountId: shopper.accountId, taxMode: options.taxMode, now: clock.now(), kept, texts });
    });
  }

  /** Changes the cart, and lets the cookie follow: a new guest gets one, a member's guest cart is gone. */
  async function change(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (queries: Queries, cartId: string) => Promise<void>,
  ): Promise<CartView> {
    const shopper = await shopperOf(request);
    const cartId = await state.write(async (queries) => {
      const id = await cartToChange(queries, shopper, { random, now: clock.now() });
      await work(queries, id);
      return id;
    });
    if (shopper.accountId === undefined) cookie.set(request, reply, cartId);
    else if (shopper.guestCartId !== undefined) cookie.clear(request, reply);
    const now = shopper.accountId === undefined ? { accountId: undefined, guestCartId: cartId } : { ...shopper, guestCartId: undefined };
    return view(now, textsOf(request));
  }

  server.get(
    '/api/shop/cart',
    {
      schema: {
        tags,
        summary: 'The cart of whoever asks',
        description: 'A guest’s cart joins the member’s after login.',
        response: reply200,
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return view(await shopperOf(request), textsOf(request));
    },
  );

  server.put<{ Params: OneVariant; Body: Static<typeof Quantity> }>(
    '/api/shop/cart/lines/:id',
    { schema: { tags, summary: 'Put pieces into the cart, or take them out', params: OneVariant, body: Quantity, response: reply200 } },
    async (request, reply) => {
      const { id } = request.params;
      const { quantity } = request.body;
      return change(request, reply, async (queries, cartId) => {
        const offer = (await findOffers(queries, [id])).get(id);
        if (quantity > 0 && !offer?.active) throw noVariant(id);
        if ((await setItem(queries, cartId, { variantId: id, quantity }, clock.now())) === 'full') {
          throw conflict(
            'cart',
            { name: 'cart-full', values: { most: maxCartLines } },
            `A cart holds at most ${maxCartLines} different articles: order these first.`,
          );
        }
      });
    },
  );

  server.delete('/api/shop/cart', { schema: { tags, summary: 'Empty the cart', response: reply200 } }, async (request, reply) =>
    change(request, reply, emptyCart),
  );

  server.put<{ Body: Static<typeof PromoInput> }>(
    '/api/shop/cart/promo',
    {
      schema: {
        tags,
        summary: 'Use a promo code',
        description: 'Whether it counts is shown in the cart.',
        body: PromoInput,
        response: reply200,
      },
    },
    async (request, reply) => change(request, reply, (queries, cartId) => setPromoCode(queries, cartId, plainCode(request.body.code))),
  );

  server.delete('/api/shop/cart/promo', { schema: { tags, summary: 'Use no promo code', response: reply200 } }, async (request, reply) =>
    change(request, reply, (queries, cartId) => setPromoCode(queries, cartId, null)),
  );

  server.post(
    '/api/shop/cart/reservation',
    {
      schema: {
        tags,
        summary: 'Keep the pieces in the cart for a while',
        description: 'Until the time is over, the cart is changed, or it is ordered.',
        response: { 200: ReservationView },
      },
    },
    async (request) => {
      const { id: accountId } = await requireAccount(request);
      const now = clock.now();
      const expiresAt = now + options.reservationMs;
      // A refusal is thrown within, so that it leaves the cart and what it had reserved as they were.
      await state.write(async (queries) => {
        const shopper = { accountId, guestCartId: cookie.read(request) };
        const cartId = await cartToChange(queries, shopper, { random, now });
        const items = await itemsOf(queries, cartId);
        if (items.length === 0) throw checkoutRefusal({ outcome: 'empty' });
        const answer = await reserve(queries, { holder: holderOfCart(cartId), items, expiresAt });
        if (answer.outcome === 'short') throw tooFew(answer);
      });
      return { expiresAt };
    },
  );
}

function addOrderRoutes(server: FastifyInstance, { ports, options, desk, cookie, context }: ShopApi): void {
  const { state, random } = ports;

  async function show(order: { id: string; accountId: string; texts: Texts }): Promise<Order> {
    const whole = await state.read((queries) => findOrder(queries, order.id));
    if (whole === undefined || whole.order.account_id !== order.accountId) throw noOrder(order.id);
    return shown(whole, order.texts);
  }

  async function shown(whole: WholeOrder, texts: Texts): Promise<Order> {
    const waits = whole.order.state === 'awaiting_payment' && options.payments !== undefined;
    // Idempotent: asked again, the provider names the same payment.
    const started = waits ? await options.payments?.begin({ reference: whole.order.id, amount: whole.order.total }) : undefined;
    return orderView(whole, started?.payAt ?? null, texts);
  }

  /** What was collected as a guest joins in the transaction of the order: a refusal leaves both carts as they were. */
  async function orderMerged(wish: CheckoutRequest, guestCartId: string): Promise<CheckoutAnswer> {
    return state.write(async (queries) => {
      await cartToChange(queries, { accountId: wish.accountId, guestCartId }, context());
      const [answer] = await checkOut(queries, [wish], context());
      invariant(answer, 'a checkout has an answer');
      if (answer.outcome !== 'ordered') throw checkoutRefusal(answer);
      return answer;
    });
  }

  server.post<{ Body: CheckoutInput; Headers: { 'idempotency-key': string } }>(
    '/api/shop/checkout',
    {
      schema: {
        tags,
        summary: 'Order what is in the cart',
        description: 'Order, stock and coins in one transaction: either all of it happened, or nothing.',
        headers: IdempotencyHeaders,
        body: CheckoutInput,
        response: { 201: Order },
      },
    },
    async (request, reply) => {
      const { id: accountId } = await requireAccount(request);
      const { payment, expectedTotal, shipTo } = request.body;
      if (payment === 'provider' && options.payments === undefined)
        throw conflict('payment', { name: 'coins-only', values: {} }, 'Only coins are taken here: send "coins".');
      const body = JSON.stringify([payment, expectedTotal, shipTo.name, shipTo.street, shipTo.postcode, shipTo.city, shipTo.country]);
      const wish = {
        accountId,
        key: request.headers['idempotency-key'],
        bodyHash: createHash('sha256').update(body).digest('hex'),
        payment,
        expectedTotal,
        shipTo: JSON.stringify(shipTo),
      };
      const guestCartId = cookie.read(request);
      const answer = guestCartId === undefined ? await desk.submit(wish) : await orderMerged(wish, guestCartId);
      if (answer.outcome !== 'ordered') throw checkoutRefusal(answer);
      if (guestCartId !== undefined) cookie.clear(request, reply);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      // A new order is shown as it was written: reading it back would cost more than writing it.
      const texts = textsOf(request);
      const order = answer.repeated ? show({ id: answer.orderId, accountId, texts }) : shown(wholeOrderOf(answer.order), texts);
      return reply.code(201).send(await order);
    },
  );

  server.get<{ Querystring: OrdersQuery }>(
    '/api/shop/orders',
    { schema: { tags, summary: 'One’s own orders', querystring: OrdersQuery, response: { 200: OrderPage } } },
    async (request, reply) => {
      const { id: accountId } = await requireAccount(request);
      const { before, limit } = request.query;
      reply.header('cache-control', 'no-store');
      const page = await state.read((queries) => listOrders(queries, { accountId, before: placeIn(before), limit: limit + 1 }));
      return orderPage(page, limit);
    },
  );

  server.get<{ Params: OneOrder }>(
    '/api/shop/orders/:id',
    { schema: { tags, summary: 'One of one’s own orders', params: OneOrder, response: { 200: Order } } },
    async (request, reply) => {
      const { id: accountId } = await requireAccount(request);
      reply.header('cache-control', 'no-store');
      return show({ id: request.params.id, accountId, texts: textsOf(request) });
    },
  );

  server.post<{ Params: OneOrder }>(
    '/api/shop/orders/:id/cancellation',
    {
      schema: {
        tags,
        summary: 'Cancel an order that is not packed yet',
        description: 'What was paid goes back.',
        params: OneOrder,
        response: { 200: Order },
      },
    },
    async (request) => {
      const { id: accountId } = await requireAccount(request);
      const { id } = request.params;
      const texts = textsOf(request);
      await show({ id, accountId, texts });
      const change = { random, now: context().now, by: accountId };
      const answer = await state.write((queries) => cancelOrder(queries, id, noteOf('by-the-customer'), change));
      if (answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw cancellationRefusal(id, answer);
      return show({ id, accountId, texts });
    },
  );
}

export function orderPage(orders: readonly OrderRow[], limit: number): OrderPage {
  const { page, next } = pageOf(orders, limit, ({ created_at, id }) => ({ at: created_at, id }));
  return { orders: page.map(orderSummary), next };
}
