/** Everything the house must know of the ledger and the wallets. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { coinsGrantCommand, coinsStatementCommand, coinsTransferCommand } from './commands/commands.ts';
import { coinsLaws } from './laws.ts';
import { coinsOptions } from './options.ts';
import { coinsRole } from './roles/coins.ts';
import { leaveWallet } from './store/farewell.ts';
import { coinsMigrations } from './store/tables.ts';

export const coinsModule: Module<Web, typeof coinsOptions> = {
  name: 'coins',
  says: 'The ledger and its wallets.',
  options: coinsOptions,
  migrations: coinsMigrations,
  commands: [coinsStatementCommand, coinsGrantCommand, coinsTransferCommand],
  roles: ({ coinsFaucetPerDay }) => [coinsRole({ faucetCoins: coinsFaucetPerDay })],
  farewell: leaveWallet,
  laws: () => coinsLaws,
};
