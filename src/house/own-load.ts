/** What this process uses, and how fast its counters run. */
import type { Pulse } from '#core/presence.ts';

/** The counters of the modules that are the pulse of the house, and how to read one. */
export interface Pulses {
  readonly counters: readonly { readonly name: string; readonly module: string; readonly metric: string }[];
  total(metric: string): Promise<number>;
}

interface Look {
  readonly atMs: number;
  readonly cpuMicroseconds: number;
  readonly totals: readonly number[];
}

/** Rates are averages over so many looks: seconds, so that a batch now and then does not make them jump. */
const looksKept = 5;

export class OwnLoad {
  readonly #pulses: Pulses;
  readonly #looks: Look[] = [];

  constructor(pulses: Pulses) {
    this.#pulses = pulses;
  }

  async look(): Promise<{ pid: number; memoryBytes: number; cores: number; pulses: readonly Pulse[] }> {
    const { counters, total } = this.#pulses;
    const totals = await Promise.all(counters.map(({ metric }) => total(metric)));
    const { user, system } = process.cpuUsage();
    const now: Look = { atMs: performance.now(), cpuMicroseconds: user + system, totals };
    const first = this.#looks[0] ?? now;
    this.#looks.push(now);
    if (this.#looks.length > looksKept) this.#looks.shift();
    const seconds = (now.atMs - first.atMs) / 1_000;
    const perSecond = (amount: number) => (seconds > 0 ? Math.round((amount / seconds) * 1_000) / 1_000 : 0);
    return {
      pid: process.pid,
      memoryBytes: process.memoryUsage.rss(),
      cores: perSecond((now.cpuMicroseconds - first.cpuMicroseconds) / 1_000_000),
      // Only what this process has counted: most processes count little of all that there is.
      pulses: counters.flatMap(({ name, module }, index) => {
        const [total = 0, before = 0] = [totals[index], first.totals[index]];
        return total === 0 ? [] : [{ name, module, total, perSecond: perSecond(total - before) }];
      }),
    };
  }
}
