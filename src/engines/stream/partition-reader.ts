/** Reads one partition for its consumer: delivers frames in order, one delivery at a time, and again after a failure. */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { ConsumeOptions, Frame, FrameHandler } from '#core/ports/stream.ts';
import type { Troubles } from './troubles.ts';

export interface FrameSource {
  /** Frames after a sequence number, oldest first: at most `maxBytes`, unless the first one is larger. */
  read(partition: string, after: number, maxBytes: number): Promise<readonly Frame[]>;
  /** Moves the group back to the frame with this sequence number and returns the position before it; undefined when it was removed. */
  rewind(partition: string, from: number): Promise<number | undefined>;
}

export interface ReaderSettings {
  readonly source: FrameSource;
  readonly clock: Clock;
  readonly handler: FrameHandler;
  readonly options: ConsumeOptions;
  readonly troubles: Troubles;
  readonly maxRetryMs: number;
}

export const defaultDeliveryBytes = 1_048_576;
const firstRetryMs = 20;
/** Partitions are also read without a hint, which may be lost with the publishing process. */
const idlePollMs = 1_000;

export class PartitionReader {
  readonly ended: Promise<void>;
  readonly #settings: ReaderSettings;
  readonly #partition: string;
  readonly #acknowledge: (upTo: number) => void;
  readonly #aborting = new AbortController();
  #position: number;
  #wakeUp: AbortController | undefined;
  #wakeCount = 0;

  constructor(settings: ReaderSettings, partition: string, position: number, acknowledge: (upTo: number) => void) {
    this.#settings = settings;
    this.#partition = partition;
    this.#position = position;
    this.#acknowledge = acknowledge;
    this.ended = this.#run();
  }

  get aborted(): boolean {
    return this.#aborting.signal.aborted;
  }

  abort(): void {
    this.#aborting.abort();
    this.#wakeUp?.abort('woken');
  }

  wake(): void {
    this.#wakeCount += 1;
    this.#wakeUp?.abort('woken');
  }

  async #run(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#aborting.signal.aborted) {
      try {
        const outcome = await this.#deliverNext();
        if (outcome !== 'again') this.#settings.troubles.works(this.#partition);
        if (outcome === 'done') retryMs = firstRetryMs;
        if (outcome !== 'again') continue;
      } catch (error) {
        this.#settings.troubles.failed(error, this.#partition);
      }
      await this.#settings.clock.sleep(retryMs, this.#aborting.signal);
      retryMs = Math.min(retryMs * 2, this.#settings.maxRetryMs);
    }
    this.#settings.troubles.left(this.#partition);
  }

  async #deliverNext(): Promise<'done' | 'again' | 'idle'> {
    const { source, handler, options } = this.#settings;
    const wakeCount = this.#wakeCount;
    const frames = await source.read(this.#partition, this.#position, options.maxDeliveryBytes ?? defaultDeliveryBytes);
    if (frames.length === 0) {
      if (wakeCount === this.#wakeCount) await this.#sleepUntilWoken();
      return 'idle';
    }
    if (this.#aborting.signal.aborted) return 'idle';
    const outcome = await handler({ partition: this.#partition, frames, signal: this.#aborting.signal });
    if (outcome === 'reread') return 'again';
    if (outcome !== 'done') {
      await this.#rewind(outcome.rereadFrom);
      return 'done';
    }
    const last = frames[frames.length - 1];
    if (last) this.#position = last.first + last.count - 1;
    this.#acknowledge(this.#position);
    return 'done';
  }

  async #rewind(from: number): Promise<void> {
    const position = await this.#settings.source.rewind(this.#partition, from);
    if (position === undefined) {
      throw new KontorError(
        'storage_damaged',
        `${this.#partition}: the consumer needs records from ${from} on, but the stream has removed them`,
      );
    }
    this.#position = position;
  }

  async #sleepUntilWoken(): Promise<void> {
    this.#wakeUp = new AbortController();
    if (this.#aborting.signal.aborted) return;
    await this.#settings.clock.sleep(idlePollMs, this.#wakeUp.signal);
    this.#wakeUp = undefined;
  }
}
