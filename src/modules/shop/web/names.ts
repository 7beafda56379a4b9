/** What the shop and its pages are called in the menus and in the books. */
import type { BookNames, Name } from '#web/area.ts';

export const names = {
  market: { en: 'Shop', de: 'Laden' },
  orders: { en: 'My orders', de: 'Meine Bestellungen' },
} satisfies Record<string, Name>;

/** The departments of the demonstration; others are called by the code of their instrument. */
const kind = (category: string, en: string, de: string) => ({ path: `/shop?category=${category}`, name: { en, de } });

export const bookNames: BookNames = {
  accounts: { 'revenue:shop': { en: 'The shop', de: 'Der Laden' } },
  memos: { 'Order …': { en: '', de: '' }, 'Refund of order …': { en: '', de: '' } },
  pages: { KO: '/shop/orders' },
  instruments: {
    prefix: 'SHOP',
    market: { en: 'Kontor Shop', de: 'Kontor-Laden' },
    path: '/shop',
    kinds: {
      TEA: kind('tea', 'Tea', 'Tee'),
      COFFEE: kind('coffee', 'Coffee', 'Kaffee'),
      SPICE: kind('spices', 'Spices', 'Gewürze'),
      WINE: kind('wine', 'Wine and spirits', 'Wein und Spirituosen'),
      CLOTH: kind('cloth', 'Cloth and wool', 'Tuch und Wolle'),
      FISH: kind('fish', 'Fish and salt', 'Fisch und Salz'),
      PANTRY: kind('pantry', 'Pantry', 'Vorrat'),
      SHIP: kind('ship', 'Ship chandler', 'Schiffsbedarf'),
      AMBER: kind('amber', 'Amber and silver', 'Bernstein und Silber'),
      BOOKS: kind('books', 'Books and paper', 'Bücher und Papier'),
    },
  },
};

export const adminNames = {
  products: { en: 'Products', de: 'Artikel' },
  stock: { en: 'Stock', de: 'Bestand' },
  orders: { en: 'Orders', de: 'Bestellungen' },
  refunds: { en: 'Refunds', de: 'Erstattungen' },
  promos: { en: 'Promo codes', de: 'Gutscheincodes' },
} satisfies Record<string, Name>;
