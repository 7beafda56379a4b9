/** The options of wallets. */
import { wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option } from '#core/options/option.ts';

export const coinsOptions = {
  coinsFaucetPerDay: option({
    name: 'COINS_FAUCET_PER_DAY',
    group: 'Coins',
    kind: wholeNumber({ min: 0, max: 1_000_000_000 }),
    default: '500',
    doc: 'Coins that a demonstration (see DEMO) gives an account for nothing, once a day; 0 for none.',
  }),
} as const satisfies OptionTable;
