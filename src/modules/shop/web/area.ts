/** What the shop brings to the browser app. */
import { lazy } from 'react';
import { shopRefusals } from '#modules/shop/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { adminNames, bookNames, names } from './names.ts';

export const shopArea: Area = {
  order: 30,
  owns: ['shop'],
  navigation: { path: '/shop', name: names.market },
  account: [{ path: '/shop/orders', name: names.orders }],
  Pages: lazy(() => import('./shop-area.tsx').then((module) => ({ default: module.ShopArea }))),
  Tile: lazy(() => import('./shop-tile.tsx').then((module) => ({ default: module.ShopTile }))),
  admin: {
    names: adminNames,
    Page: lazy(() => import('./admin/shop-admin.tsx').then((module) => ({ default: module.ShopAdmin }))),
  },
  adminOverview: {
    Figures: lazy(() => import('./admin/overview.tsx').then((module) => ({ default: module.ShopFigures }))),
    Found: lazy(() => import('./admin/overview.tsx').then((module) => ({ default: module.ShopFound }))),
  },
  refusals: shopRefusals,
  houseTexts,
  books: bookNames,
};
