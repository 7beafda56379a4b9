/** The role that takes wishes and shows them. Any number may run. */
import type { Role } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { wishesRoutes } from '../api/routes.ts';

export function wishesApiRole({ price }: { readonly price: number }): Role<Web> {
  return {
    name: 'wishes-api',
    says: 'Takes wishes, and shows them.',
    needs: ['relay'],
    instances: 'many',
    async start({ ports }) {
      const routes = wishesRoutes({ ports, price });
      return {
        web: { routes: (server) => addRoutes(server, routes) },
        status: () => ({ ready: true, says: 'active' }),
        stop: async () => {},
      };
    },
  };
}
