/** The cart over HTTP: whose it is follows from the session and the guest's cookie. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Queries } from '#core/ports/state.ts';
import { type Route, route } from '#http/route.ts';
import { accountOf } from '#http/sessions.ts';
import { plainCode } from '../../domain/promos.ts';
import { reserveCart, setPieces } from '../../store/cart/cart-changes.ts';
import { viewCart } from '../../store/cart/cart-view.ts';
import { cartToChange, emptyCart, type Shopper, setPromoCode } from '../../store/cart/carts.ts';
import { textsOf } from '../catalogue/routes.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

interface Asking {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export function cartRoutes({ ports: { state, clock }, terms, cookie, context }: ShopApi): readonly Route[] {
  async function shopperOf(request: FastifyRequest): Promise<Shopper> {
    return { accountId: (await accountOf(request))?.id, guestCartId: cookie.read(request.headers.cookie, request.protocol) };
  }

  async function view(shopper: Shopper, request: FastifyRequest): Promise<contracts.CartView> {
    return state.read((queries) => viewCart(queries, shopper, { taxMode: terms.taxMode, now: clock.now(), texts: textsOf(request) }));
  }

  /** Changes the cart, and the cookie with it: a new guest gets one, a member's guest cart is gone. */
  async function change({ request, reply }: Asking, work: (queries: Queries, cartId: string) => Promise<void>) {
    const shopper = await shopperOf(request);
    const { accountId } = shopper;
    const cartId = await state.write(async (queries) => {
      const id = await cartToChange(queries, shopper, context());
      await work(queries, id);
      return id;
    });
    if (accountId === undefined) reply.header('set-cookie', cookie.written(cartId, request.protocol));
    else if (shopper.guestCartId !== undefined) reply.header('set-cookie', cookie.removed(request.protocol));
    return view({ accountId, guestCartId: accountId === undefined ? cartId : undefined }, request);
  }

  return [
    route(contracts.readCart, async ({ request }) => view(await shopperOf(request), request)),
    route(contracts.setPieces, ({ params: { id }, body: { quantity }, ...asking }) =>
      change(asking, (queries, cartId) => setPieces(queries, cartId, { variantId: id, quantity }, clock.now())),
    ),
    route(contracts.emptyCart, (asking) => change(asking, emptyCart)),
    route(contracts.applyPromo, ({ body: { code }, ...asking }) =>
      change(asking, (queries, cartId) => setPromoCode(queries, cartId, plainCode(code))),
    ),
    route(contracts.dropPromo, (asking) => change(asking, (queries, cartId) => setPromoCode(queries, cartId, null))),
    route(contracts.reserveCart, async ({ account, request }) => {
      const shopper = { accountId: account.id, guestCartId: cookie.read(request.headers.cookie, request.protocol) };
      return { expiresAt: await state.write((queries) => reserveCart(queries, shopper, context())) };
    }),
  ];
}
