/** What the shop brings to the browser app. */
import { lazy } from 'react';
import { shopRefusals } from '#modules/shop/refusals.ts';
import type { Area } from '#web/area.ts';
import { adminNames, names } from './names.ts';

export const shopArea: Area = {
  order: 30,
  owns: ['shop'],
  navigation: { path: '/shop', name: names.market },
  account: [{ path: '/shop/orders', name: names.orders }],
  Pages: lazy(() => import('./shop-area.tsx').then((module) => ({ default: module.ShopArea }))),
  admin: {
    names: adminNames,
    Page: lazy(() => import('./admin/shop-admin.tsx').then((module) => ({ default: module.ShopAdmin }))),
  },
  refusals: shopRefusals,
};
