/** The weather of a world: how each call of an engine ends. A seed chooses which faults there are, and how often. */
import type { Random } from '#core/ports/random.ts';
import type { Part, SimulatedProcess } from './process.ts';

/**
 * `refused`: it did not happen, and the caller is told so; `broken off`: it failed in the middle; `repeated`: the engine did it
 * twice and kept the second; `answer lost`: it happened, and the caller is told that it is unknown.
 */
type Ending = 'done' | 'refused' | 'broken off' | 'repeated' | 'answer lost' | 'dies before' | 'dies after';

export interface Fate {
  readonly ending: Ending;
  /** Until it happens, and from then until the caller is told. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** The process stands still until it happens. */
  readonly doom?: 'stands still';
}

/** How often in a storm, out of 1,000 calls. A seed has some of them. */
interface Habits {
  readonly refused: number;
  readonly brokenOff: number;
  readonly repeated: number;
  readonly answerLost: number;
  readonly slow: number;
}

const most = 120;
const longestSlowMs = 8_000;
const shortestStandMs = 5_000;

export class Weather {
  readonly #random: Random;
  readonly #habits: Readonly<Record<Part, Habits>>;
  /** Parts that nobody reaches. */
  readonly away = new Set<Part>();
  stormy = false;
  /** A seed has bad weather until the faults are over, or for some times. */
  isAlwaysBad: boolean;

  constructor(random: Random) {
    this.#random = random;
    this.isAlwaysBad = random.int(2) === 0;
    this.#habits = { state: habitsFrom(random), stream: habitsFrom(random), lake: habitsFrom(random), hosts: habitsFrom(random) };
  }

  fateOf(part: Part, process: SimulatedProcess, isWrite: boolean): Fate {
    const beforeMs = this.#random.float() * 1.5;
    // The answer travels, too, so that something may come between what happened and what its caller knows.
    const afterMs = this.#random.int(4) === 0 ? this.#random.float() * 3 : 0;
    const doom = isWrite ? process.doomAt(part) : undefined;
    if (doom === 'stands still') return { ending: 'done', beforeMs: shortestStandMs + this.#random.float() * longestSlowMs, afterMs, doom };
    if (doom !== undefined) return { ending: doom, beforeMs, afterMs };
    if (this.away.has(part) || process.cutFrom.has(part)) return { ending: 'refused', beforeMs: beforeMs + 5, afterMs };
    if (!this.stormy) return { ending: 'done', beforeMs, afterMs };
    return this.#stormyFate(this.#habits[part], isWrite, beforeMs, afterMs);
  }

  #stormyFate({ refused, brokenOff, repeated, answerLost, slow }: Habits, isWrite: boolean, beforeMs: number, afterMs: number): Fate {
    const isSlow = this.#random.int(1_000) < slow;
    const slowMs = isSlow ? this.#random.float() * longestSlowMs : 0;
    const isBefore = this.#random.int(2) === 0;
    const times = { beforeMs: beforeMs + (isBefore ? slowMs : 0), afterMs: afterMs + (isBefore ? 0 : slowMs) };
    let draw = this.#random.int(1_000);
    const endings: readonly (readonly [Ending, number])[] = [
      ['refused', refused],
      ['broken off', isWrite ? brokenOff : 0],
      ['repeated', isWrite ? repeated : 0],
      ['answer lost', isWrite ? answerLost : 0],
    ];
    for (const [ending, often] of endings) {
      if (draw < often) return { ending, ...times };
      draw -= often;
    }
    return { ending: 'done', ...times };
  }
}

function habitsFrom(random: Random): Habits {
  const often = () => (random.int(3) === 0 ? 0 : random.int(most));
  return { refused: often(), brokenOff: often(), repeated: often(), answerLost: often(), slow: often() };
}
