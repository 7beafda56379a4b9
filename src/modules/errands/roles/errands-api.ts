/** The role errands-api. Any number may run. */
import type { Role, RoleContext, Service } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { deliveryRoutes } from '../api/delivery/routes.ts';
import { exampleRoutes } from '../api/examples/routes.ts';
import { addGoldPages } from '../api/gold/page-route.ts';
import { minerListRoutes } from '../api/miners/list-routes.ts';
import { minerRoutes } from '../api/miners/routes.ts';
import { ordersRoutes } from '../api/orders/routes.ts';
import { previewRoutes } from '../api/preview/routes.ts';
import { resultRoutes } from '../api/results/routes.ts';
import { addDemoSite } from '../demo/site-routes.ts';
import type { ErrandsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';

export function apiRole(settings: ErrandsSettings): Role<Web, OwnPorts> {
  return {
    name: 'errands-api',
    says: 'Serves errands: orders, runs and results, miners and the market.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startApi(settings, context),
  };
}

async function startApi(settings: ErrandsSettings, { ports }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const api = { ports, settings };
  const routes = [
    ...ordersRoutes(api),
    ...previewRoutes(api),
    ...resultRoutes(ports),
    ...deliveryRoutes(ports, await ports.secrets.unlock()),
    ...minerRoutes(ports),
    ...minerListRoutes(ports),
  ];
  return {
    web: {
      routes(server) {
        addRoutes(server, routes);
        addGoldPages(server, ports);
        if (!settings.demo) return;
        addRoutes(server, exampleRoutes(api));
        addDemoSite(server, ports.clock);
      },
    },
    status: () => ({ ready: true, says: 'active' }),
    stop: async () => {},
  };
}
