/**
 * Stream on Kafka: a partition of Kafka per partition, a consumer group per group. Frames are numbered by their publishers,
 * never by Kafka's offsets. See docs/adr/0012-kafka-by-the-wire-format-of-a-library.md.
 */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Log } from '#core/ports/log.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler, PartitionStatus, PublishOutcome, Stream, Topic } from '#core/ports/stream.ts';
import { readyOrClosed } from '../ready-or-closed.ts';
import { checkPublishable } from './frames.ts';
import { kafkaAddress } from './kafka-address.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { checkTopicName, ensureTopic, topicName } from './kafka-layout.ts';
import { KafkaLink } from './kafka-link.ts';
import { KafkaLog } from './kafka-log.ts';
import { KafkaOutlet, type OutletOptions } from './kafka-outlet.ts';
import { committedPlaces, KafkaPositions } from './kafka-positions.ts';
import { KafkaRegistry } from './kafka-registry.ts';
import { retried } from './kafka-retry.ts';
import { KafkaSender } from './kafka-sender.ts';
import { OutletPublisher } from './outlet-publisher.ts';

export interface KafkaStreamOptions {
  /** `kafka://host:9092/prefix`; several hosts separated by commas. */
  readonly url: string;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly log: Log;
  /** How long `publish` waits: for a slow group, for Kafka to come back, for a confirmation. */
  readonly publishTimeoutMs?: number;
  readonly maxRetryMs?: number;
  /** How long opening the stream waits for a broker to answer. */
  readonly patienceMs?: number;
  /** A consumer that Kafka has not heard of for as long loses its partitions. */
  readonly sessionTimeoutMs?: number;
}

const answerTimeoutMs = 10_000;
const pingTimeoutMs = 5_000;
let opened = 0;

export async function openKafkaStream(options: KafkaStreamOptions): Promise<Stream> {
  const { patienceMs = 15_000 } = options;
  return readyOrClosed(new KafkaStream(options), (stream) => stream.opened(patienceMs));
}

class KafkaStream implements Stream {
  readonly #settings: Pick<Required<KafkaStreamOptions>, 'clock' | 'log' | 'maxRetryMs' | 'sessionTimeoutMs'>;
  readonly #link: KafkaLink;
  readonly #registry: KafkaRegistry;
  readonly #publisher: OutletPublisher<PublishOutcome>;
  readonly #positions = new Map<string, KafkaPositions>();
  readonly #consumers = new Set<KafkaConsumer>();
  readonly #closing = new AbortController();
  #consumerCount = 0;

  constructor(options: KafkaStreamOptions) {
    const { url, clock, holder, log, publishTimeoutMs = 10_000, maxRetryMs = 5_000, sessionTimeoutMs = 10_000 } = options;
    this.#settings = { clock, log, maxRetryMs, sessionTimeoutMs };
    opened += 1;
    this.#link = new KafkaLink({ address: kafkaAddress(url), clientId: `kontor-${holder.id}#${opened}` });
    const common = { link: this.#link, clock, log };
    this.#registry = new KafkaRegistry(common);
    const outlet: OutletOptions = {
      link: this.#link,
      clock,
      log,
      registry: this.#registry,
      sender: new KafkaSender(this.#link),
      positions: (topic) => this.#positionsOf(topic),
      publishTimeoutMs,
    };
    this.#publisher = new OutletPublisher({
      clock,
      log,
      broker: 'Kafka',
      outletTo: (topic, partition) => new KafkaOutlet(topic, partition, outlet),
    });
  }

  opened(patienceMs: number): Promise<void> {
    return this.#registry.opened(patienceMs);
  }

  async declare(topic: Topic): Promise<void> {
    const { prefix } = this.#link.address;
    checkTopicName(prefix, topic.name);
    this.#refuseClosed();
    if (!this.#registry.topic(topic.name)) await this.#retried(() => ensureTopic(this.#link, topicName(prefix, topic.name)));
    await this.#registry.add({ kind: 'topic', topic });
  }

  async publish(topic: string, partition: string, frame: Frame): Promise<PublishOutcome> {
    checkPublishable(partition, frame);
    this.#refuseClosed();
    if (!this.#registry.topic(topic)) await this.#registry.declaredTopic(topic);
    // The caller may change its bytes while this waits.
    return this.#publisher.publish(topic, partition, { first: frame.first, count: frame.count, body: new Uint8Array(frame.body) });
  }

  async end(topic: string, partition: string): Promise<number> {
    this.#refuseClosed();
    const number = await this.#registry.lookUp(topic, partition);
    if (number === undefined) return 0;
    return (await this.#retried(() => this.#log(topic, number).end())).mark.record;
  }

  async status(topic: string, group: string): Promise<readonly PartitionStatus[]> {
    this.#refuseClosed();
    await this.#registry.declaredTopic(topic);
    const names = this.#registry.names(topic);
    return this.#retried(async () => {
      const numbers = names.map((_, number) => number);
      const places = await committedPlaces(this.#link, topic, group, numbers);
      const all = names.map(async (partition, number) => {
        const log = this.#log(topic, number);
        const [end, place] = await Promise.all([log.end(), places.get(number) ?? log.start()]);
        return {
          partition,
          end: end.mark.record,
          acknowledged: places.has(number) ? place.mark.record : 0,
          backlogBytes: end.mark.bytes - place.mark.bytes,
        };
      });
      return (await Promise.all(all)).sort((one, other) => (one.partition < other.partition ? -1 : 1));
    });
  }

  async consume(topic: string, group: string, handler: FrameHandler, options: ConsumeOptions = {}): Promise<Consumer> {
    this.#refuseClosed();
    await this.#registry.declaredTopic(topic);
    await this.#registry.add({ kind: 'group', topic, group });
    this.#consumerCount += 1;
    const consumer = new KafkaConsumer({
      ...this.#settings,
      topic,
      group,
      name: String(this.#consumerCount),
      link: this.#link,
      registry: this.#registry,
      positions: this.#positionsOf(topic),
      handler,
      options,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async ping(): Promise<void> {
    this.#refuseClosed();
    await retried({ clock: this.#settings.clock, timeoutMs: pingTimeoutMs, signal: this.#closing.signal }, () => this.#link.refresh());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#publisher.close();
    await this.#registry.close();
    await this.#link.close();
  }

  #positionsOf(topic: string): KafkaPositions {
    const known =
      this.#positions.get(topic) ?? new KafkaPositions({ link: this.#link, registry: this.#registry, clock: this.#settings.clock }, topic);
    this.#positions.set(topic, known);
    return known;
  }

  #log(topic: string, number: number): KafkaLog {
    return new KafkaLog(this.#link, topicName(this.#link.address.prefix, topic), number);
  }

  #retried<Result>(work: () => Promise<Result>): Promise<Result> {
    return retried({ clock: this.#settings.clock, timeoutMs: answerTimeoutMs, signal: this.#closing.signal }, work);
  }

  #refuseClosed(): void {
    if (this.#closing.signal.aborted) throw new KontorError('unavailable', 'The stream is closed');
  }
}
