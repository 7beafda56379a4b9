/**
 * Consumes a topic for a group: subscribes to every partition, of which RabbitMQ keeps one consumer active. A consumer with
 * more than its share subscribes again, behind the others.
 */
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { ConsumeOptions, Consumer, FrameHandler } from '#core/ports/stream.ts';
import { withinTime } from '#core/within-time.ts';
import { presenceQueue, presenceQueueOf } from './rabbitmq-layout.ts';
import { answerTimeoutMs, type OpenChannel, type RabbitmqLink, withChannels } from './rabbitmq-link.ts';
import { RabbitmqPartition } from './rabbitmq-partition.ts';
import type { RabbitmqRegistry } from './rabbitmq-registry.ts';
import { Troubles } from './troubles.ts';

export interface ConsumerSettings {
  readonly topic: string;
  readonly group: string;
  readonly link: RabbitmqLink;
  readonly registry: RabbitmqRegistry;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  readonly handler: FrameHandler;
  readonly options: ConsumeOptions;
  readonly maxRetryMs: number;
}

const sharePollMs = 1_000;

export class RabbitmqConsumer implements Consumer {
  readonly #settings: ConsumerSettings;
  readonly #stopping = new AbortController();
  readonly #troubles: Troubles;
  readonly #partitions = new Map<string, RabbitmqPartition>();
  readonly #sharing: Promise<void>;
  readonly #unsubscribe: () => void;

  constructor(settings: ConsumerSettings) {
    this.#settings = settings;
    const { link, registry, clock, random, options } = settings;
    this.#troubles = new Troubles(options);
    this.#unsubscribe = registry.onChange(() => this.#follow());
    this.#follow();
    this.#sharing = withChannels({
      link,
      clock,
      random,
      signal: this.#stopping.signal,
      open: (session) => session.openChannel(),
      use: (open) => this.#share(open),
      onError: (error) => this.#troubles.failed(error, ''),
    });
  }

  partitions(): readonly string[] {
    return [...this.#active()].map(({ name }) => name);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    await Promise.all([this.#sharing, ...[...this.#partitions.values()].map((partition) => partition.stop())]);
  }

  #follow(): void {
    const { registry, topic } = this.#settings;
    for (const name of registry.topic(topic)?.partitions ?? []) {
      if (!this.#partitions.has(name)) this.#partitions.set(name, new RabbitmqPartition(this.#settings, name, this.#troubles));
    }
  }

  *#active(): Generator<RabbitmqPartition> {
    for (const partition of this.#partitions.values()) if (partition.isActive) yield partition;
  }

  async #share({ channel, lost }: OpenChannel): Promise<void> {
    const { topic, group, clock } = this.#settings;
    const queue = presenceQueueOf(topic, group);
    const ended = AbortSignal.any([lost, this.#stopping.signal]);
    const assertPresence = () => withinTime(clock, answerTimeoutMs, channel.assertQueue(queue, presenceQueue));
    await assertPresence();
    await withinTime(
      clock,
      answerTimeoutMs,
      channel.consume(queue, () => {}, { noAck: true }),
    );
    this.#troubles.works('');
    while (!ended.aborted) {
      const { consumerCount } = await assertPresence();
      const share = Math.ceil(this.#partitions.size / Math.max(1, consumerCount));
      for (const partition of [...this.#active()].slice(share)) partition.yield();
      await clock.sleep(sharePollMs, ended);
    }
    if (lost.aborted) throw lost.reason;
  }
}
