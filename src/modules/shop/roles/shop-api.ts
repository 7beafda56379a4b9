/** The role that sells: catalogue, carts, checkout, orders and the admin's routes, and the upkeep of what expires. Any number may run. */
import { startChore } from '#core/chores.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import { SignedCookie } from '#http/signed-cookie.ts';
import type { Web } from '#http/types.ts';
import { goodsRoutes } from '../api/admin/goods-routes.ts';
import { adminOrderRoutes } from '../api/admin/orders-routes.ts';
import { overviewRoutes } from '../api/admin/overview-routes.ts';
import { pictureRoutes } from '../api/admin/pictures-routes.ts';
import { promoRoutes } from '../api/admin/promos-routes.ts';
import { cartRoutes } from '../api/cart/routes.ts';
import { catalogueRoutes } from '../api/catalogue/routes.ts';
import { paymentRoutes } from '../api/orders/payment-routes.ts';
import { orderRoutes } from '../api/orders/routes.ts';
import type { ShopApi } from '../api/shop-api.ts';
import { openDemoShop } from '../demo/demo-shop.ts';
import { guestCartDays, type ShopSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { type CheckoutContext, openCheckoutDesk } from '../store/checkout/checkout.ts';
import { keepShop } from '../store/orders/upkeep.ts';
import { cartCookieKey } from '../store/settings.ts';

const upkeepMs = 2_000;

export function shopApiRole(settings: ShopSettings): Role<Web, OwnPorts> {
  return {
    name: 'shop-api',
    says: 'Sells goods: catalogue, cart, checkout, orders.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startShop(settings, context),
  };
}

async function startShop(settings: ShopSettings, { ports, fail }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const { state, clock, random, payments } = ports;
  const terms = { ...settings, payments };
  if (settings.demoCatalogue) await openDemoShop(state, random, clock.now());
  const context = (): CheckoutContext => ({ ...settings, random, now: clock.now() });
  const api: ShopApi = {
    ports: { ...ports, log: ports.log.child({ role: 'shop-api' }) },
    terms,
    desk: openCheckoutDesk(state, context),
    cookie: new SignedCookie({ key: await cartCookieKey(state, random), name: 'kontor_guest', lifeDays: guestCartDays }),
    context,
  };
  const upkeep = startChore({
    name: 'shop-upkeep',
    ports: { ...ports, log: api.ports.log },
    everyMs: upkeepMs,
    failing: 'reservations that are over are not released',
    fail,
    work: () => keepShop(api.ports, terms),
  });

  return {
    web: {
      routes(server) {
        addRoutes(server, [...catalogueRoutes(api), ...cartRoutes(api), ...orderRoutes(api)]);
        addRoutes(server, [
          ...goodsRoutes(api),
          ...adminOrderRoutes(api),
          ...promoRoutes(api),
          ...overviewRoutes(api),
          ...pictureRoutes(api),
        ]);
        if (payments !== undefined) addRoutes(server, paymentRoutes(api, payments));
      },
    },
    status: () => upkeep.status(),
    async stop() {
      await Promise.all([upkeep.stop(), api.desk.close()]);
    },
  };
}
