/** The newest closed batches of one company, newest first, as many as a page shows. */
import type { BatchView } from '#modules/stocks/api/schemas.ts';
import { ValueStore } from '#web/live/value-store.ts';

export const batchesKept = 40;

export class BatchesStore {
  /** Undefined until anything was heard. */
  readonly newest: ValueStore<readonly BatchView[]>;

  constructor(schedule: (work: () => void) => void) {
    this.newest = new ValueStore(schedule);
  }

  /** `batches` come oldest first, as the server sends them. */
  replace(batches: readonly BatchView[]): void {
    this.newest.set(batches.toReversed().slice(0, batchesKept));
  }

  append(batches: readonly BatchView[]): void {
    const known = this.newest.get() ?? [];
    const newestKnown = known[0]?.number ?? 0;
    const fresh = batches.filter(({ number }) => number > newestKnown);
    this.newest.set([...fresh.toReversed(), ...known].slice(0, batchesKept));
  }
}
