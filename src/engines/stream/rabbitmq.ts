/**
 * Stream on RabbitMQ: a quorum queue per partition and group, with one active consumer. RabbitMQ removes acknowledged frames
 * and cannot report the end of a partition: publishers continue from stored counts, and consumers drop duplicates by sequence
 * number. See docs/adr/0003-on-rabbitmq-a-queue-per-partition-and-a-log-of-them.md.
 */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler, PublishOutcome, Stream, Topic } from '#core/ports/stream.ts';
import { withinTime } from '#core/within-time.ts';
import { readyOrClosed } from '../ready-or-closed.ts';
import { checkPublishable } from './frames.ts';
import { OutletPublisher } from './outlet-publisher.ts';
import { rabbitmqAddresses } from './rabbitmq-address.ts';
import { RabbitmqConsumer } from './rabbitmq-consumer.ts';
import { rabbitmqError } from './rabbitmq-errors.ts';
import { checkNames, declarePartition } from './rabbitmq-layout.ts';
import { answerTimeoutMs, RabbitmqLink, withChannels } from './rabbitmq-link.ts';
import { type OutletOptions, RabbitmqOutlet } from './rabbitmq-outlet.ts';
import { RabbitmqRegistry } from './rabbitmq-registry.ts';

export interface RabbitmqStreamOptions {
  /** `amqp://name:password@host:5672/vhost`; several hosts, or several whole addresses, separated by commas. */
  readonly url: string;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly log: Log;
  /** Spreads reconnections in time; without it, pauses are fixed. */
  readonly random?: Pick<Random, 'float'>;
  /** How long `publish` waits: for a slow group, for RabbitMQ to come back, for a confirmation. */
  readonly publishTimeoutMs?: number;
  readonly maxRetryMs?: number;
  /** How long opening the stream waits for a host to answer. */
  readonly patienceMs?: number;
  readonly heartbeatSeconds?: number;
}

const pingTimeoutMs = 5_000;
let opened = 0;

export async function openRabbitmqStream(options: RabbitmqStreamOptions): Promise<Stream> {
  return readyOrClosed(new RabbitmqStream(options), (stream) => stream.opened());
}

class RabbitmqStream implements Stream {
  readonly #settings: Required<Pick<RabbitmqStreamOptions, 'clock' | 'log' | 'random' | 'maxRetryMs' | 'patienceMs'>>;
  /** Publishing has a separate connection, which RabbitMQ blocks when memory or disk run low. */
  readonly #writing: RabbitmqLink;
  readonly #reading: RabbitmqLink;
  /** The registry has a separate connection, too: a node without a copy of the log closes the connection that reads it. */
  readonly #listing: RabbitmqLink;
  readonly #registry: RabbitmqRegistry;
  readonly #publisher: OutletPublisher<void>;
  readonly #consumers = new Set<RabbitmqConsumer>();
  #closed = false;

  constructor(options: RabbitmqStreamOptions) {
    const { url, clock, holder, log, random = { float: () => 0 } } = options;
    const { publishTimeoutMs = 10_000, maxRetryMs = 5_000, patienceMs = 15_000, heartbeatSeconds = 5 } = options;
    this.#settings = { clock, log, random, maxRetryMs, patienceMs };
    const common = { clock, random, log };
    const addresses = rabbitmqAddresses(url);
    opened += 1;
    const id = `${holder.id}#${opened}`;
    this.#writing = new RabbitmqLink({ ...common, addresses, heartbeatSeconds, name: `kontor writes (${id})` });
    this.#reading = new RabbitmqLink({ ...common, addresses, heartbeatSeconds, name: `kontor reads (${id})` });
    this.#listing = new RabbitmqLink({ ...common, addresses, heartbeatSeconds, name: `kontor lists (${id})` });
    this.#registry = new RabbitmqRegistry({ ...common, id, reading: this.#listing, writing: this.#writing });
    const outlet: OutletOptions = { clock, random, log, link: this.#writing, registry: this.#registry, publishTimeoutMs };
    this.#publisher = new OutletPublisher({
      clock,
      log,
      broker: 'RabbitMQ',
      outletTo: (topic, partition) => new RabbitmqOutlet(topic, partition, outlet),
    });
  }

  async opened(): Promise<void> {
    const { clock, patienceMs } = this.#settings;
    await Promise.all(this.#links.map((link) => link.opened(patienceMs)));
    await withinTime(clock, patienceMs, this.#registry.opened());
  }

  async declare(topic: Topic): Promise<void> {
    checkNames(topic.name, '');
    await this.#registry.add({ kind: 'topic', topic });
  }

  async publish(topic: string, partition: string, frame: Frame): Promise<PublishOutcome> {
    checkPublishable(partition, frame);
    checkNames(topic, partition);
    this.#refuseClosed();
    if (!this.#registry.topic(topic)) await this.#registry.declaredTopic(topic);
    await this.#publisher.publish(topic, partition, frame);
    return 'published';
  }

  async end(): Promise<undefined> {
    return undefined;
  }

  async status(): Promise<undefined> {
    return undefined;
  }

  async consume(topic: string, group: string, handler: FrameHandler, options: ConsumeOptions = {}): Promise<Consumer> {
    this.#refuseClosed();
    await this.#registry.declaredTopic(topic);
    checkNames(topic, '', group);
    await this.#registry.add({ kind: 'group', topic, group });
    await this.#declareQueues(topic);
    const { clock, log, random, maxRetryMs } = this.#settings;
    const registry = this.#registry;
    const consumer = new RabbitmqConsumer({
      topic,
      group,
      link: this.#reading,
      registry,
      clock,
      random,
      log,
      handler,
      options,
      maxRetryMs,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async ping(): Promise<void> {
    const { clock } = this.#settings;
    this.#refuseClosed();
    try {
      const sessions = await Promise.all([this.#reading.session(pingTimeoutMs), this.#writing.session(pingTimeoutMs)]);
      for (const session of sessions) {
        const channel = await withinTime(clock, pingTimeoutMs, session.openChannel());
        await withinTime(clock, pingTimeoutMs, channel.close());
      }
    } catch (error) {
      throw rabbitmqError(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#publisher.close();
    await this.#registry.close();
    await Promise.all(this.#links.map((link) => link.close()));
  }

  /** Frames published from now on reach every known group. */
  async #declareQueues(topic: string): Promise<void> {
    const { clock, random, patienceMs } = this.#settings;
    const untilMs = clock.monotonicMs() + patienceMs;
    const done = new AbortController();
    let failure: KontorError | undefined;
    await withChannels({
      link: this.#reading,
      clock,
      random,
      signal: done.signal,
      open: (session) => session.openChannel(),
      use: async ({ channel, session: { serverVersion } }) => {
        const known = await this.#registry.declaredTopic(topic);
        for (const partition of known.partitions)
          await withinTime(clock, answerTimeoutMs, declarePartition(channel, serverVersion, known, partition));
        failure = undefined;
        done.abort();
      },
      onError: (error) => {
        failure = error;
        if (!error.retryable || clock.monotonicMs() > untilMs) done.abort();
      },
    });
    if (failure) throw failure;
  }

  get #links(): readonly RabbitmqLink[] {
    return [this.#writing, this.#reading, this.#listing];
  }

  #refuseClosed(): void {
    if (this.#closed) throw new KontorError('unavailable', 'The stream is closed');
  }
}
