/** What accounts bring to the browser app. */
import { lazy } from 'react';
import { peopleRefusals } from '#modules/people/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { adminNames, names } from './names.ts';

export const peopleArea: Area = {
  order: 90,
  owns: ['account', 'login', 'sign-up', 'forgotten', 'mailbox'],
  account: [
    { path: '/account', name: names.account },
    { path: '/mailbox', name: names.mailbox, demoOnly: true },
  ],
  Pages: lazy(() => import('./people-area.tsx').then((module) => ({ default: module.PeopleArea }))),
  admin: {
    names: adminNames,
    Page: lazy(() => import('./people-admin.tsx').then((module) => ({ default: module.PeopleAdmin }))),
  },
  adminOverview: {
    Figures: lazy(() => import('./people-admin.tsx').then((module) => ({ default: module.NewestEvents }))),
    Found: lazy(() => import('./accounts-page.tsx').then((module) => ({ default: module.AccountsFound }))),
  },
  refusals: peopleRefusals,
  houseTexts,
};
