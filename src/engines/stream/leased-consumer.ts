/** A consumer for engines that store frames in a table: it leases its share of the partitions and reads each in order. */
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { ConsumeOptions, Consumer, FrameHandler } from '#core/ports/stream.ts';
import { type FrameSource, PartitionReader } from './partition-reader.ts';
import { Troubles } from './troubles.ts';

export interface Acknowledgement {
  readonly partition: string;
  /** The last sequence number done. */
  readonly upTo: number;
}

export interface Claim {
  /** All partitions leased to this consumer, with the last sequence number that its group acknowledged. */
  readonly held: readonly { readonly partition: string; readonly acknowledged: number }[];
  /** How many of them other consumers are waiting for. */
  readonly surplus: number;
}

/** The engine's operations for one topic and group. */
export interface ConsumerStore extends FrameSource {
  /** Renews the consumer's presence and leases, and takes free partitions up to its fair share. */
  claim(consumerId: string): Promise<Claim>;
  acknowledge(consumerId: string, acknowledgements: readonly Acknowledgement[]): Promise<void>;
  release(consumerId: string, partitions: readonly string[]): Promise<void>;
  leave(consumerId: string): Promise<void>;
  /** Calls the listener after a publish in this or another process: a hint that may come late, or once for many. */
  onPublished(listener: () => void): () => void;
}

export interface LeasedConsumerOptions {
  readonly consumerId: string;
  readonly store: ConsumerStore;
  readonly clock: Clock;
  readonly handler: FrameHandler;
  readonly options: ConsumeOptions;
  readonly leaseMs: number;
  readonly maxRetryMs: number;
}

const acknowledgeEveryMs = 50;

export class LeasedConsumer implements Consumer {
  readonly #settings: LeasedConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #troubles: Troubles;
  readonly #readers = new Map<string, PartitionReader>();
  /** The last sequence number done, by partition, not yet acknowledged to the engine. */
  readonly #acknowledgements = new Map<string, number>();
  readonly #loops: Promise<void>[];
  readonly #unsubscribe: () => void;
  /** Partitions being released. */
  readonly #leaving = new Set<string>();
  #givingUp: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(settings: LeasedConsumerOptions) {
    this.#settings = settings;
    this.#troubles = new Troubles(settings.options);
    this.#unsubscribe = settings.store.onPublished(() => {
      for (const reader of this.#readers.values()) reader.wake();
    });
    this.#loops = [this.#claimLoop(), this.#acknowledgeLoop()];
  }

  partitions(): readonly string[] {
    return [...this.#readers].filter(([, reader]) => !reader.aborted).map(([partition]) => partition);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    await Promise.all(this.#loops);
    await this.#givingUp;
    await this.#giveUp([...this.#readers.keys()]);
    await this.#quietly(() => this.#settings.store.leave(this.#settings.consumerId));
  }

  async #claimLoop(): Promise<void> {
    const { clock, leaseMs, store, consumerId } = this.#settings;
    let validUntilMs = clock.monotonicMs() + leaseMs;
    while (!this.#stopping.signal.aborted) {
      const askedMs = clock.monotonicMs();
      const claim = await this.#quietly(() => store.claim(consumerId));
      if (claim) {
        validUntilMs = askedMs + leaseMs;
        this.#troubles.works('');
        this.#follow(claim);
      } else if (clock.monotonicMs() > validUntilMs) {
        // The leases expired while the engine did not answer: another consumer may hold them now.
        for (const reader of this.#readers.values()) reader.abort();
      }
      await clock.sleep(this.#readers.size === 0 ? leaseMs / 20 : leaseMs / 5, this.#stopping.signal);
    }
  }

  #follow({ held, surplus }: Claim): void {
    const names = new Set(held.map((lease) => lease.partition));
    for (const [partition, reader] of this.#readers) if (!names.has(partition)) reader.abort();
    for (const { partition, acknowledged } of held) {
      // A partition that was lost and regained waits for its old handler to end; the next claim starts it.
      if (!this.#readers.has(partition) && !this.#leaving.has(partition)) this.#startReader(partition, acknowledged);
    }
    // Concurrent with claims: a slow handler must not let the other leases expire.
    if (surplus > 0) this.#givingUp ??= this.#giveUp(this.partitions().slice(0, surplus)).finally(() => (this.#givingUp = undefined));
  }

  #startReader(partition: string, acknowledged: number): void {
    const { store, clock, handler, options, maxRetryMs } = this.#settings;
    const settings = { source: store, clock, handler, options, troubles: this.#troubles, maxRetryMs };
    const reader = new PartitionReader(settings, partition, acknowledged, (upTo) => this.#acknowledgements.set(partition, upTo));
    this.#readers.set(partition, reader);
    void reader.ended.then(() => this.#readers.delete(partition));
  }

  /** Waits for running handlers, acknowledges their frames, and releases the partitions. */
  async #giveUp(partitions: readonly string[]): Promise<void> {
    const readers = partitions.map((partition) => this.#readers.get(partition));
    for (const partition of partitions) this.#leaving.add(partition);
    for (const reader of readers) reader?.abort();
    await Promise.all(readers.map((reader) => reader?.ended));
    await this.#acknowledge();
    await this.#quietly(() => this.#settings.store.release(this.#settings.consumerId, partitions));
    for (const partition of partitions) this.#leaving.delete(partition);
  }

  async #acknowledgeLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#settings.clock.sleep(acknowledgeEveryMs, this.#stopping.signal);
      await this.#acknowledge();
    }
  }

  /** A failed acknowledgement only means redelivery: the stored position drops the frames. */
  async #acknowledge(): Promise<void> {
    if (this.#acknowledgements.size === 0) return;
    const batch = [...this.#acknowledgements].map(([partition, upTo]) => ({ partition, upTo }));
    this.#acknowledgements.clear();
    await this.#quietly(() => this.#settings.store.acknowledge(this.#settings.consumerId, batch));
  }

  async #quietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#troubles.failed(error, '');
      return undefined;
    }
  }
}

/** A consumer's id: the id of its holder and a number. */
export function consumerIdOf(holder: Holder, number: number): string {
  return `${holder.id}#${number}`;
}

export function holderIdOf(consumerId: string): string {
  return consumerId.slice(0, consumerId.lastIndexOf('#'));
}
