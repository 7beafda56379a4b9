/** The history that a new tape begins with: the times of its trades, so that charts are not empty at first. */
import { historyTradesPerMinute } from './walk.ts';

const minuteMs = 60_000;
const frameMinutes = 20;
/** A minute's trades fall into this many of its seconds, to keep the number of one-second bars low … */
const busySeconds = 3;
/** … but in the last minutes into all of them, because the shortest chart shows those. */
const fineMinutes = 10;

/** The time of each trade of a frame, by its index. */
export type Times = (index: number) => number;

export interface HistoryFrame {
  readonly count: number;
  readonly times: Times;
}

/** Frames of some minutes each, oldest first, ending at `now`. */
export function* historyFrames(minutes: number, now: number): Generator<HistoryFrame> {
  for (let left = minutes; left > 0; left -= frameMinutes) {
    const inFrame = Math.min(left, frameMinutes);
    const minutesBefore = left;
    yield {
      count: inFrame * historyTradesPerMinute,
      times: (index) => {
        const minute = Math.floor(index / historyTradesPerMinute);
        return now - (minutesBefore - minute) * minuteMs + placeInMinute(index % historyTradesPerMinute, minutesBefore - minute);
      },
    };
  }
}

function placeInMinute(index: number, minutesAgo: number): number {
  const spots = minutesAgo <= fineMinutes ? 60 : busySeconds;
  return Math.floor((index * spots) / historyTradesPerMinute) * (minuteMs / spots);
}
