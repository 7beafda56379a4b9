/** The area for admins: an overview, and the admin pages of all other areas. */
import { lazy } from 'react';
import type { Area } from '../area.ts';
import { english } from '../language/english.ts';
import { german } from '../language/german.ts';

export function adminAreaOf(areas: readonly Area[]): Area {
  return {
    order: 100,
    owns: ['admin'],
    navigation: { path: '/admin', name: { en: english.house.admin, de: german.house.admin }, adminsOnly: true },
    Pages: lazy(() => import('./admin-area.tsx').then((module) => ({ default: module.adminPagesOf(areas) }))),
  };
}
