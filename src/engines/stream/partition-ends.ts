/** Where partitions end, asked for all that wonder at the same time at once: a hint wakes every reader, and few have news. */

export type AskEnds = () => Promise<ReadonlyMap<string, number>>;

export class PartitionEnds {
  readonly #ask: AskEnds;
  #known: ReadonlyMap<string, number> = new Map();
  #asking: ReturnType<AskEnds> | undefined;

  constructor(ask: AskEnds) {
    this.#ask = ask;
  }

  /** Whether the partition has records after this one, as of now or later. */
  async isBeyond(partition: string, after: number): Promise<boolean> {
    if ((this.#known.get(partition) ?? 0) > after) return true;
    this.#asking ??= this.#askSoon();
    return ((await this.#asking).get(partition) ?? 0) > after;
  }

  async #askSoon(): Promise<ReadonlyMap<string, number>> {
    await new Promise<void>((resume) => setImmediate(resume));
    // Who comes from here on may know of later publishes than this question will see: it asks again.
    this.#asking = undefined;
    const ends = await this.#ask();
    this.#known = ends;
    return ends;
  }
}
