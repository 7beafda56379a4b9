/** What the overview brings to the browser app: the front page, and the proof line at the foot of every page. */
import { overviewRefusals } from '#modules/overview/refusals.ts';
import type { Area } from '#web/area.ts';
import { houseTexts } from './house-texts.ts';
import { followHouse } from './news.ts';
import { OverviewArea } from './overview-area.tsx';
import { ProofLine } from './proof-line.tsx';

export const overviewArea: Area = {
  order: 0,
  owns: ['overview'],
  front: true,
  // Not lazy: it is the page that most visitors see first.
  Pages: OverviewArea,
  refusals: overviewRefusals,
  houseTexts,
  Foot: ProofLine,
  start: followHouse,
};
