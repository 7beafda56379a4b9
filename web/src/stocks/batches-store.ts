/** The newest closed batches of one company, newest first, as many as a page shows. */
import type { BatchView } from '../../../src/markets/stocks/schemas.ts';

export const batchesKept = 40;

export class BatchesStore {
  readonly #schedule: (work: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #batches: readonly BatchView[] | undefined;
  #scheduled = false;

  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule;
  }

  /** Undefined until anything was heard. The same array until something changes. */
  newest = (): readonly BatchView[] | undefined => this.#batches;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `batches` come oldest first, as the server sends them. */
  replace(batches: readonly BatchView[]): void {
    this.#become(batches.toReversed());
  }

  append(batches: readonly BatchView[]): void {
    const known = this.#batches ?? [];
    const newestKnown = known[0]?.number ?? 0;
    const fresh = batches.filter(({ number }) => number > newestKnown);
    this.#become([...fresh.toReversed(), ...known]);
  }

  #become(batches: readonly BatchView[]): void {
    this.#batches = batches.slice(0, batchesKept);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
