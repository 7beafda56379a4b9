/** The role that keeps the wallets: their routes, and what must be done to the ledger now and then. Any number may run. */

import type { Role } from '#core/role.ts';
import type { Web } from '#http/types.ts';
import { addAdminRoutes } from '../api/admin-api.ts';
import { addOwnRoutes } from '../api/own-api.ts';
import { openDesk } from '../store/desk.ts';
import { keepLedger } from '../store/keeping.ts';

export interface CoinsRoleOptions {
  /** Coins that the faucet gives an account in a day, in a demonstration; 0 for none. */
  readonly faucetCoins: number;
}

export function coinsRole({ faucetCoins }: CoinsRoleOptions): Role<Web> {
  return {
    name: 'coins',
    says: 'Keeps the wallets: balances, statements, sending coins; lets expired holds go.',
    needs: ['people'],
    instances: 'many',
    async start({ ports }) {
      const desk = openDesk(ports.state);
      const keeping = keepLedger(ports);
      return {
        web: {
          routes(server) {
            // What is in a wallet is nobody else's, and no cache's.
            server.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
            const context = { ports, desk, faucetCoins };
            addOwnRoutes(server, context);
            addAdminRoutes(server, context);
          },
        },
        status: keeping.status,
        async stop() {
          await desk.close();
          await keeping.stop();
        },
      };
    },
  };
}
