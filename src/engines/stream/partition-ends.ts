/** The ends of partitions, queried once for all readers that ask at the same time: a hint wakes every reader, but few have new frames. */

export type AskEnds = () => Promise<ReadonlyMap<string, number>>;

export class PartitionEnds {
  readonly #ask: AskEnds;
  #known: ReadonlyMap<string, number> = new Map();
  #asking: ReturnType<AskEnds> | undefined;

  constructor(ask: AskEnds) {
    this.#ask = ask;
  }

  /** Whether the partition has records after this one, as of the time of the call or later. */
  async isBeyond(partition: string, after: number): Promise<boolean> {
    if ((this.#known.get(partition) ?? 0) > after) return true;
    this.#asking ??= this.#askSoon();
    return ((await this.#asking).get(partition) ?? 0) > after;
  }

  async #askSoon(): Promise<ReadonlyMap<string, number>> {
    await new Promise<void>((resume) => setImmediate(resume));
    // A later caller may know of a publish that this query does not see: it asks again.
    this.#asking = undefined;
    const ends = await this.#ask();
    this.#known = ends;
    return ends;
  }
}
