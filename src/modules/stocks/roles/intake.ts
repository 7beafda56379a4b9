/** The role that takes in trades from outside over HTTP. */
import type { Role } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { intakeRoutes } from '../api/intake-api.ts';
import { outsideRoutes } from '../api/outside-routes.ts';
import type { StocksSettings } from '../domain/settings.ts';

export function intakeRole({ owners }: Pick<StocksSettings, 'owners'>): Role<Web> {
  return {
    name: 'stocks-intake',
    says: 'Takes in trades from outside: POST /api/stocks/trades.',
    needs: ['relay'],
    instances: 'many',
    async start({ ports }) {
      return {
        web: { routes: (server) => addRoutes(server, [...intakeRoutes(ports, owners), ...outsideRoutes(ports)]) },
        status: () => ({ ready: true, says: 'active' }),
        async stop() {},
      };
    },
  };
}
