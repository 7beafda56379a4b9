/** What the wallet is called in the menus, and the house's own accounts in the books. */
import type { BookNames, Name } from '#web/area.ts';

export const names = {
  wallet: { en: 'Wallet', de: 'Geldbeutel' },
} satisfies Record<string, Name>;

export const bookNames: BookNames = {
  accounts: {
    'house:mint': { en: 'The mint', de: 'Die Münze' },
    'house:fees': { en: 'Fees', de: 'Gebühren' },
    'house:escrow': { en: 'Escrow', de: 'Treuhand' },
  },
};
