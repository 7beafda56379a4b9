/** The past of a new tape: when its trades happened, so that charts begin with a day of prices and not with nothing. */
import type { Times } from './tape.ts';
import { historyTradesPerMinute } from './walk.ts';

const minuteMs = 60_000;
/** Long ago, a minute's trades fall into so many of its seconds, to keep the number of one-second bars low … */
const busySeconds = 6;
/** … and in the last minutes into all of them, because that is what the shortest chart shows. */
const fineMinutes = 10;

export interface HistoryFrame {
  readonly count: number;
  readonly times: Times;
}

/** One frame a minute, oldest first, ending at `now`. */
export function* historyFrames(minutes: number, now: number): Generator<HistoryFrame> {
  const start = now - minutes * minuteMs;
  for (let minute = 0; minute < minutes; minute += 1) {
    const from = start + minute * minuteMs;
    const spots = minutes - minute <= fineMinutes ? 60 : busySeconds;
    const tradesPerSpot = historyTradesPerMinute / spots;
    yield { count: historyTradesPerMinute, times: (index) => from + Math.floor(Math.floor(index / tradesPerSpot) * (minuteMs / spots)) };
  }
}
