/** What the wallet is called in the menus. */
import type { Name } from '#web/area.ts';

export const names = {
  wallet: { en: 'Wallet', de: 'Geldbeutel' },
} satisfies Record<string, Name>;
