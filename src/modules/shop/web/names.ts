/** What the shop and its pages are called in the menus. */
import type { Name } from '#web/area.ts';

export const names = {
  market: { en: 'Shop', de: 'Laden' },
  orders: { en: 'My orders', de: 'Meine Bestellungen' },
} satisfies Record<string, Name>;

export const adminNames = {
  products: { en: 'Products', de: 'Artikel' },
  stock: { en: 'Stock', de: 'Bestand' },
  orders: { en: 'Orders', de: 'Bestellungen' },
  refunds: { en: 'Refunds', de: 'Erstattungen' },
  promos: { en: 'Promo codes', de: 'Gutscheincodes' },
} satisfies Record<string, Name>;
