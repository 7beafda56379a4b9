/** The options of the wishes. */
import { wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option } from '#core/options/option.ts';

export const wishesOptions = {
  wishesPrice: option({
    name: 'WISHES_PRICE',
    group: 'Wishes',
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: '5',
    doc: 'What a wish costs, in coins. Wishes keep the price that they were made at.',
  }),
} as const satisfies OptionTable;
