/** The role that takes in trades from outside over HTTP. */

import type { Role } from '#core/role.ts';
import type { Web } from '#http/types.ts';
import { intakeWeb } from '../api/intake-api.ts';
import type { StocksSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';

export function intakeRole({ companies }: Pick<StocksSettings, 'companies'>): Role<Web, OwnPorts> {
  const simulated = new Set(companies.map(({ code }) => code));
  return {
    name: 'stocks-intake',
    says: 'Takes in trades from outside: POST /api/stocks/trades.',
    needs: ['relay'],
    instances: 'many',
    async start({ ports }) {
      return {
        web: intakeWeb(ports, { simulated }),
        status: () => ({ ready: true, says: 'active' }),
        async stop() {},
      };
    },
  };
}
