/** What the wallet brings to the browser app. */
import { lazy } from 'react';
import { coinsRefusals } from '#modules/coins/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { bookNames, names } from './names.ts';

export const coinsArea: Area = {
  order: 10,
  owns: ['wallet'],
  account: [{ path: '/wallet', name: names.wallet }],
  Pages: lazy(() => import('./wallet-area.tsx').then((module) => ({ default: module.WalletArea }))),
  refusals: coinsRefusals,
  houseTexts,
  books: bookNames,
};
