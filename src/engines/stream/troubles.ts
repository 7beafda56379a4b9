/** What fails of one consumer, told to its owner as it begins and ends. */
import type { ConsumeOptions } from '#core/ports/stream.ts';

export class Troubles {
  readonly #options: ConsumeOptions;
  /** Partitions ('' for what is not of one), each with its parts that fail. */
  readonly #failing = new Map<string, Set<string>>();

  constructor(options: ConsumeOptions) {
    this.#options = options;
  }

  /** `part` tells apart what fails and recovers on its own, such as fetching from handling. */
  failed(error: unknown, partition: string, part = ''): void {
    const parts = this.#failing.get(partition) ?? new Set();
    this.#failing.set(partition, parts.add(part));
    this.#options.onError?.(error, partition);
  }

  works(partition: string, part = ''): void {
    const parts = this.#failing.get(partition);
    if (!parts?.delete(part) || parts.size > 0) return;
    this.#failing.delete(partition);
    this.#options.onRecovered?.(partition);
  }

  /** The partition is another consumer's now. */
  left(partition: string): void {
    if (this.#failing.delete(partition)) this.#options.onRecovered?.(partition);
  }
}
