/** What errands bring to the browser app. */
import { lazy } from 'react';
import { errandsRefusals } from '#modules/errands/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { bookNames, names } from './names.ts';

export const errandsArea: Area = {
  order: 50,
  owns: ['errands'],
  navigation: { path: '/errands', name: names.market },
  account: [
    { path: '/errands/orders', name: names.orders },
    { path: '/errands/mine', name: names.mine },
  ],
  Pages: lazy(() => import('./errands-area.tsx').then((module) => ({ default: module.ErrandsArea }))),
  Tile: lazy(() => import('./errands-tile.tsx').then((module) => ({ default: module.ErrandsTile }))),
  adminOverview: {
    Figures: lazy(() => import('./admin-overview.tsx').then((module) => ({ default: module.ErrandsFigures }))),
  },
  refusals: errandsRefusals,
  houseTexts,
  books: bookNames,
};
