/** The role that shows the house, and pulls its plugs. Any number may run. */
import { KontorError } from '#core/errors.ts';
import type { Role } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { overviewRoutes } from '../api/routes.ts';
import { PullKeeper } from './pull-keeper.ts';

export function overviewRole(): Role<Web> {
  return {
    name: 'overview',
    says: 'Shows the books and the house as they are now, and pulls plugs to see the house go on.',
    needs: [],
    instances: 'many',
    async start({ ports, house }) {
      if (house === undefined) throw new KontorError('internal', 'the overview shows a whole house, and there is none around it');
      const keeper = new PullKeeper(ports, house);
      return {
        web: { routes: (server) => addRoutes(server, overviewRoutes({ ports, house, keeper })) },
        status: () => keeper.status(),
        stop: () => keeper.stop(),
      };
    },
  };
}
