/** The client-side log: everything that the drill's clients asked for, and what they were told. Nothing in it comes from the books. */

export const parts = ['stocks', 'shop', 'flights', 'errands', 'mining', 'coins'] as const;
export type Part = (typeof parts)[number];

/**
 * `acknowledged`: the house said that it is done. `refused`: the house said no to the first attempt. `unknown`: no answer came, or a
 * refusal after an attempt without an answer; it may have happened, once.
 */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** One thing that a client asked for, under one key however often it was sent. */
export interface Operation {
  readonly part: Part;
  /** What kind of thing, such as `order` or `cancellation`. */
  readonly kind: string;
  /** The idempotency key, which the books also hold where people can write a text. */
  readonly key: string;
  readonly outcome: Outcome;
  /** What the house called it; undefined where it was not acknowledged. */
  readonly id: string | undefined;
  /** The coins of whose wallet it changes, and by how much: below zero for what is paid. */
  readonly moves: readonly Move[];
}

interface Move {
  readonly wallet: string;
  readonly coins: number;
}

/** One request and its answer or failure. */
export interface Attempt {
  readonly part: Part;
  readonly begunMs: number;
  readonly tookMs: number;
  /** Undefined when it was answered, also by a refusal; else why not, such as `503` or `connection reset`. */
  readonly failure: string | undefined;
}

/** Keeps what clients did, and tells when a part works again. */
export class Journal {
  readonly operations: Operation[] = [];
  readonly attempts: Attempt[] = [];
  readonly #moved = new Map<string, number>();
  readonly #waiting = new Set<(part: Part, begunMs: number, endedMs: number) => void>();

  note(operation: Operation): void {
    this.operations.push(operation);
    for (const { wallet } of operation.moves) this.#moved.set(wallet, this.movesOf(wallet) + 1);
  }

  /** How many operations of a wallet are over. */
  movesOf(wallet: string): number {
    return this.#moved.get(wallet) ?? 0;
  }

  tried(attempt: Attempt): void {
    this.attempts.push(attempt);
  }

  /** A part did what it is for, by requests that began at that time. */
  worked(part: Part, begunMs: number): void {
    const endedMs = performance.now();
    for (const hear of this.#waiting) hear(part, begunMs, endedMs);
  }

  /** Resolves when each part has done something that was begun since, or the time is up, or the drill is ended. Tells when each part first had. */
  async workedSince(sinceMs: number, limitMs: number, signal: AbortSignal): Promise<ReadonlyMap<Part, number>> {
    const first = new Map<Part, number>();
    const all = Promise.withResolvers<void>();
    const hear = (part: Part, begunMs: number, endedMs: number) => {
      if (begunMs >= sinceMs && !first.has(part)) first.set(part, endedMs);
      if (first.size === parts.length) all.resolve();
    };
    const stop = () => all.resolve();
    const timer = setTimeout(stop, limitMs);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting.add(hear);
    await all.promise;
    this.#waiting.delete(hear);
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    return first;
  }
}
