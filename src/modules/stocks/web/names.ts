/** What the stocks are called in the band. */
import type { Name } from '#web/area.ts';

export const names = {
  market: { en: 'Stocks', de: 'Aktien' },
} satisfies Record<string, Name>;

export const adminNames = {
  outside: { en: 'Companies from outside', de: 'Unternehmen von außen' },
} satisfies Record<string, Name>;
