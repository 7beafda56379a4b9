/** What flights and their pages are called in the menus and in the books. */
import type { BookNames, Name } from '#web/area.ts';

export const names = {
  market: { en: 'Flights', de: 'Flüge' },
  bookings: { en: 'My flights', de: 'Meine Flüge' },
} satisfies Record<string, Name>;

export const bookNames: BookNames = {
  accounts: { 'revenue:flights': names.market },
  pages: { KF: '/flights/bookings' },
  instruments: { prefix: 'FLIGHTS', market: { en: 'Kontor Flights', de: 'Kontor-Flüge' }, path: '/flights' },
};

export const adminNames = {
  timetable: { en: 'Timetable', de: 'Flugplan' },
  pricing: { en: 'Flight prices', de: 'Flugpreise' },
  lake: { en: 'Data lake', de: 'Data Lake' },
} satisfies Record<string, Name>;
