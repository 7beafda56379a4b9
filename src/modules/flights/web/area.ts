/** What flights bring to the browser app. */
import { lazy } from 'react';
import { flightsRefusals } from '#modules/flights/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { adminNames, bookNames, names } from './names.ts';

export const flightsArea: Area = {
  order: 40,
  owns: ['flights'],
  navigation: { path: '/flights', name: names.market },
  account: [{ path: '/flights/bookings', name: names.bookings }],
  Pages: lazy(() => import('./flights-area.tsx').then((module) => ({ default: module.FlightsArea }))),
  Tile: lazy(() => import('./flights-tile.tsx').then((module) => ({ default: module.FlightsTile }))),
  admin: {
    names: adminNames,
    Page: lazy(() => import('./admin/flights-admin.tsx').then((module) => ({ default: module.FlightsAdmin }))),
  },
  adminOverview: {
    Figures: lazy(() => import('./admin/overview.tsx').then((module) => ({ default: module.FlightsFigures }))),
  },
  refusals: flightsRefusals,
  houseTexts,
  books: bookNames,
};
