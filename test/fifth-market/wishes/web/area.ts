/** What the wishes bring to the browser app. */
import { lazy } from 'react';
import { wishesRefusals } from '#modules/wishes/refusals.ts';
import type { Area } from '#web/area.ts';

export const wishesArea: Area = {
  order: 90,
  owns: ['wishes'],
  navigation: { path: '/wishes', name: { en: 'Wishes', de: 'Wünsche' } },
  Pages: lazy(() => import('./wishes-area.tsx').then((module) => ({ default: module.WishesArea }))),
  refusals: wishesRefusals,
  books: {
    accounts: { 'revenue:wishes': { en: 'Wishes', de: 'Wünsche' } },
    instruments: { prefix: 'WISHES', market: { en: 'Kontor Wishes', de: 'Kontor-Wünsche' }, path: '/wishes' },
  },
};
