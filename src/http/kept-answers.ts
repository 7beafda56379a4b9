/** Answers that are the same for everybody, made once for all who ask the same. Losing them loses speed, nothing else. */
import type { Clock } from '#core/ports/clock.ts';
import { etagOf } from './etags.ts';

export interface KeptAnswer {
  /** A character for each byte: such a string is written in one piece with the head, which is much faster than bytes. */
  readonly body: string;
  readonly etag: string;
  /** What the route wants to know for each who gets it. */
  readonly about: unknown;
}

export interface MadeAnswer {
  readonly text: string;
  readonly about: unknown;
  /** Whether others may get it, too. */
  readonly keep: boolean;
}

interface Entry {
  /** When it began to be made: what it says may be that old. */
  readonly at: number;
  readonly keepMs: number;
  readonly making: Promise<KeptAnswer>;
  made: KeptAnswer | undefined;
  bytes: number;
}

/** Beyond either, the oldest go first. */
const maxAnswers = 4_000;
const maxBytes = 32 * 1024 * 1024;
/** What an answer takes beside its key and body. */
const otherBytes = 1_000;

export class KeptAnswers {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One that is there at once, and not too old. */
  fresh(key: string): KeptAnswer | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#isFresh(entry) ? entry.made : undefined;
  }

  /** Makes one at a time for each key; one that failed is not kept. */
  get(key: string, keepMs: number, make: () => Promise<MadeAnswer>): Promise<KeptAnswer> {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#isFresh(known)) return known.making;
    this.#remove(key);
    const at = this.#clock.monotonicMs();
    const making = Promise.try(make).then(({ text, about, keep }) => {
      const bytes = Buffer.from(text);
      const made = { body: bytes.toString('latin1'), etag: etagOf(bytes), about };
      this.#arrived(key, entry, keep ? made : undefined);
      return made;
    });
    const entry: Entry = { at, keepMs, making, made: undefined, bytes: key.length + otherBytes };
    making.catch(() => this.#arrived(key, entry, undefined));
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    this.#shrink();
    return making;
  }

  get size(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.#entries.size, bytes: this.#bytes };
  }

  #arrived(key: string, entry: Entry, made: KeptAnswer | undefined): void {
    if (this.#entries.get(key) !== entry) return;
    if (made === undefined) {
      this.#remove(key);
      return;
    }
    entry.made = made;
    entry.bytes += made.body.length;
    this.#bytes += made.body.length;
    this.#shrink();
  }

  #isFresh({ at, keepMs }: Entry): boolean {
    return this.#clock.monotonicMs() - at < keepMs;
  }

  /** A map keeps the order in which keys came in. It finds the first slowly after many were removed: so an eighth goes at once. */
  #shrink(): void {
    if (this.#entries.size <= maxAnswers && this.#bytes <= maxBytes) return;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= (maxAnswers / 8) * 7 && this.#bytes <= (maxBytes / 8) * 7) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
