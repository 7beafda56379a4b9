/** What the stocks bring to the browser app. */

import { stocksRefusals } from '#modules/stocks/refusals.ts';
import type { Area } from '#web/area.ts';
import { live } from '#web/live/live.ts';
import { names } from './names.ts';
import { ProofLine } from './proof-line.tsx';
import { openMarket } from './sources.ts';
import { StocksArea } from './stocks-area.tsx';
import { TapeSpeed } from './tape-speed.tsx';

export const stocksArea: Area = {
  order: 20,
  owns: ['stocks'],
  navigation: { path: '/stocks', name: names.market },
  // Not lazy: it is the page that most visitors see first.
  Pages: StocksArea,
  refusals: stocksRefusals,
  BandTools: TapeSpeed,
  Foot: ProofLine,
  start: () => openMarket(live),
};
