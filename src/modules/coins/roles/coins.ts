/** The role that serves the wallets and looks after the ledger. Any number may run. */
import type { Role } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { adminRoutes } from '../api/admin-api.ts';
import { ownRoutes } from '../api/own-api.ts';
import { openDesk } from '../store/desk.ts';
import { keepLedger } from '../store/keeping.ts';

export interface CoinsRoleOptions {
  /** Coins that the faucet gives an account in a day, in a demonstration; 0 for none. */
  readonly faucetCoins: number;
}

export function coinsRole({ faucetCoins }: CoinsRoleOptions): Role<Web> {
  return {
    name: 'coins',
    says: 'Keeps the wallets: balances, statements, sending coins; releases expired holds.',
    needs: ['people'],
    instances: 'many',
    async start({ ports }) {
      const desk = openDesk(ports.state);
      const keeping = keepLedger(ports);
      return {
        web: {
          routes(server) {
            const context = { ports, desk, faucetCoins };
            addRoutes(server, [...ownRoutes(context), ...adminRoutes(context)]);
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
