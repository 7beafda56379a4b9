/** What the stocks bring to the browser app. */

import { lazy } from 'react';
import { stocksRefusals } from '#modules/stocks/refusals.ts';
import type { Area } from '#web/area.ts';
import { live } from '#web/live/live.ts';
import { houseTexts } from './house-texts.ts';
import { adminNames, names } from './names.ts';
import { openMarket } from './sources.ts';
import { TapeSpeed } from './tape-speed.tsx';

export const stocksArea: Area = {
  order: 20,
  owns: ['stocks'],
  navigation: { path: '/stocks', name: names.market },
  Pages: lazy(() => import('./stocks-area.tsx').then((module) => ({ default: module.StocksArea }))),
  Tile: lazy(() => import('./stocks-tile.tsx').then((module) => ({ default: module.StocksTile }))),
  admin: {
    names: adminNames,
    Page: lazy(() => import('./admin/stocks-admin.tsx').then((module) => ({ default: module.StocksAdmin }))),
  },
  refusals: stocksRefusals,
  houseTexts,
  BandTools: TapeSpeed,
  start: () => openMarket(live),
};
