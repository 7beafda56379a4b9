/** Unfinished files: their names say which process writes them, so that others can tell when they are abandoned. */
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';

/** Its name begins with a dot, so that it is no path of the lake. */
export const unfinishedFolder = '.unfinished';
const cleaningIntervalMs = 3_600_000;
/** Unfinished files of other machines, whose processes cannot be looked up, are removed at this age. */
const abandonedAfterMs = 24 * 3_600_000;

let made = 0;

/** A file name that no other process, and this one never again, chooses. */
export function ownedName({ id }: Holder): string {
  made += 1;
  return `${encodeURIComponent(id)}~${made}`;
}

export class UnfinishedFiles {
  readonly #clock: Clock;
  readonly #holder: Holder;
  #cleanedAtMs: number | undefined;

  constructor(clock: Clock, holder: Holder) {
    this.#clock = clock;
    this.#holder = holder;
  }

  /** Whether it is time to look for abandoned files: at first, and then once an hour. */
  due(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#cleanedAtMs !== undefined && nowMs - this.#cleanedAtMs < cleaningIntervalMs) return false;
    this.#cleanedAtMs = nowMs;
    return true;
  }

  isAbandoned(name: string, changedAtMs: number): boolean {
    return this.#holder.isGone(ownerOf(name)) || this.#clock.now() - changedAtMs > abandonedAfterMs;
  }
}

/** The id of the process that chose the name. */
export function ownerOf(name: string): string {
  try {
    return decodeURIComponent(name.replace(/~\d+$/, ''));
  } catch {
    return name;
  }
}
