/** What errands and their pages are called in the menus and in the books. */
import type { BookNames, Name } from '#web/area.ts';

export const names = {
  market: { en: 'Errands', de: 'Botengänge' },
  orders: { en: 'My errands', de: 'Meine Botengänge' },
  mine: { en: 'Earn coins', de: 'Taler verdienen' },
} satisfies Record<string, Name>;

export const bookNames: BookNames = {
  accounts: { 'revenue:errands': names.market, 'escrow:errands': names.market },
  memos: {
    'Errand …': { en: '', de: '' },
    'Errand …, not used': { en: 'not used', de: 'nicht gebraucht' },
    'Refund of a run of …': { en: 'a run failed', de: 'ein Gang misslang' },
    'A page fetched': { en: 'A page fetched', de: 'Eine Seite abgerufen' },
  },
  pages: { KE: '/errands/orders' },
  earning: { path: '/errands/mine', name: names.mine },
  instruments: { prefix: 'ERRANDS', market: { en: 'Kontor Errands', de: 'Kontor-Botengänge' }, path: '/errands' },
};
