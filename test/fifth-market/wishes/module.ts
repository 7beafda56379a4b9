/** Everything the house must know of the wishes. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { wishesListCommand } from './commands/list.ts';
import { revenueAccount } from './domain/wish.ts';
import { wishesLaws } from './laws.ts';
import { wishesOptions } from './options.ts';
import { wishesApiRole } from './roles/wishes-api.ts';
import { wishesMigrations } from './store/tables.ts';

export const wishesModule: Module<Web, typeof wishesOptions> = {
  name: 'wishes',
  says: 'Wishes that hang in the harbour.',
  options: wishesOptions,
  migrations: wishesMigrations,
  commands: [wishesListCommand],
  accounts: [revenueAccount],
  roles: ({ wishesPrice }) => [wishesApiRole({ price: wishesPrice })],
  laws: () => wishesLaws,
};
