/** The role that sells: catalogue, carts, checkout, orders and the admin's routes, and the upkeep of what expires. Any number may run. */
import type { Role, RoleContext, Service } from '#core/role.ts';
import type { Web } from '#http/types.ts';
import { addShopAdminRoutes } from '../api/admin-api.ts';
import { addShopRoutes, type ShopApi } from '../api/api.ts';
import { cartCookieKey, GuestCookie } from '../api/guest-cookie.ts';
import { addPaymentRoutes } from '../api/payment-api.ts';
import { openDemoShop } from '../demo/demo-catalogue.ts';
import type { ShopSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import type { CheckoutContext } from '../store/checkout/checkout.ts';
import { CheckoutDesk } from '../store/checkout/checkout-desk.ts';
import { keepShop } from '../store/orders/upkeep.ts';

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

async function startShop(settings: ShopSettings, { ports }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const options = { ...settings, payments: ports.payments };
  const { state, clock, random } = ports;
  const log = ports.log.child({ role: 'shop-api' });
  if (options.demoCatalogue) await openDemoShop(state, random, clock.now());
  const { taxMode, reservationMs, payments } = options;
  const context = (): CheckoutContext => ({ random, now: clock.now(), taxMode, reservationMs });
  const desk = new CheckoutDesk(state, context);
  const api: ShopApi = {
    ports: { state, clock, random, log },
    options,
    desk,
    cookie: new GuestCookie(await cartCookieKey(state, random)),
    context,
  };
  const stopping = new AbortController();
  let trouble: string | undefined;

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await keepShop(api.ports, options);
        trouble = undefined;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        log.warn({ err: error }, 'could not look for what has expired; trying again');
      }
      await clock.sleep(upkeepMs, stopping.signal);
    }
  }
  const keeping = keep();

  return {
    web: {
      routes(server) {
        addShopRoutes(server, api);
        addShopAdminRoutes(server, api);
        if (payments !== undefined) addPaymentRoutes(server, api, payments);
      },
    },
    status: () => (trouble === undefined ? { ready: true, says: 'active' } : { ready: false, says: trouble }),
    async stop() {
      stopping.abort();
      await Promise.all([keeping, desk.drained()]);
    },
  };
}
