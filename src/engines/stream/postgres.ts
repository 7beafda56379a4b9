/** Stream on PostgreSQL: frames in a table, published in groups. One database server is enough for a deployment. */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler, PartitionStatus, PublishOutcome, Stream, Topic } from '#core/ports/stream.ts';
import { migrate } from '../postgres/migrating.ts';
import { Transactions } from '../postgres/transactions.ts';
import { readyOrClosed } from '../ready-or-closed.ts';
import { checkPublishable } from './frames.ts';
import { type ConsumerStore, consumerIdOf, holderIdOf, LeasedConsumer } from './leased-consumer.ts';
import { PartitionEnds } from './partition-ends.ts';
import { PostgresHints } from './postgres-hints.ts';
import { PostgresPublisher } from './postgres-publisher.ts';
import * as tables from './postgres-tables.ts';
import { Presences } from './presences.ts';

export interface PostgresStreamOptions {
  /** As for the State: of several hosts, the writable one is used. */
  readonly url: string;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly log: Log;
  /** Spreads retries in time; without it, pauses are fixed. */
  readonly random?: Pick<Random, 'float'>;
  readonly maxConnections?: number;
  /** How long `publish` waits for a slow group. */
  readonly publishTimeoutMs?: number;
  readonly leaseMs?: number;
  readonly maxRetryMs?: number;
  /** How long to look for a writable host. */
  readonly patienceMs?: number;
  readonly statementTimeoutMs?: number;
}

const maxWaiting = 10_000;

export async function openPostgresStream(options: PostgresStreamOptions): Promise<Stream> {
  return readyOrClosed(new PostgresStream(options), (stream) => stream.prepare());
}

class PostgresStream implements Stream {
  readonly #settings: Required<Pick<PostgresStreamOptions, 'clock' | 'holder' | 'publishTimeoutMs' | 'leaseMs' | 'maxRetryMs'>>;
  readonly #transactions: Transactions;
  readonly #hints: PostgresHints;
  readonly #publishers = new Map<string, PostgresPublisher>();
  readonly #topics = new Set<string>();
  readonly #consumers = new Set<LeasedConsumer>();
  #consumerCount = 0;

  constructor(options: PostgresStreamOptions) {
    const {
      url,
      clock,
      holder,
      log,
      random = { float: () => 1 },
      maxConnections = 12,
      patienceMs = 15_000,
      statementTimeoutMs = 10_000,
    } = options;
    const { publishTimeoutMs = 10_000, leaseMs = 5_000, maxRetryMs = 5_000 } = options;
    this.#settings = { clock, holder, publishTimeoutMs, leaseMs, maxRetryMs };
    this.#transactions = new Transactions({
      url,
      clock,
      log,
      random,
      applicationName: 'kontor stream',
      maxConnections,
      maxWaiting,
      patienceMs,
      statementTimeoutMs,
      lockTimeoutMs: statementTimeoutMs,
    });
    this.#hints = new PostgresHints({ transactions: this.#transactions, clock, log });
  }

  async prepare(): Promise<void> {
    await migrate(this.#transactions, tables.postgresStreamMigrations, this.#settings.clock.now());
  }

  async declare(topic: Topic): Promise<void> {
    await this.#transactions.run('write', (session) => tables.declareTopic(session, topic));
    this.#topics.add(topic.name);
  }

  async publish(topic: string, partition: string, frame: Frame): Promise<PublishOutcome> {
    checkPublishable(partition, frame);
    const publisher = this.#publishers.get(topic) ?? (await this.#newPublisher(topic));
    return publisher.publish(partition, frame);
  }

  end(topic: string, partition: string): Promise<number> {
    return this.#transactions.run('single', (session) => tables.partitionEnd(session, topic, partition));
  }

  status(topic: string, group: string): Promise<readonly PartitionStatus[]> {
    return this.#transactions.run('single', (session) => tables.partitionStatuses(session, topic, group));
  }

  async consume(topic: string, group: string, handler: FrameHandler, options: ConsumeOptions = {}): Promise<Consumer> {
    await this.#checkDeclared(topic);
    const { clock, holder, leaseMs, maxRetryMs } = this.#settings;
    this.#consumerCount += 1;
    const consumerId = consumerIdOf(holder, this.#consumerCount);
    await this.#transactions.run('write', (session) => tables.joinGroup(session, topic, group, consumerId));
    const consumer = new LeasedConsumer({ consumerId, store: this.#storeFor(topic, group), clock, handler, options, leaseMs, maxRetryMs });
    this.#consumers.add(consumer);
    return consumer;
  }

  async ping(): Promise<void> {
    await this.#transactions.run('single', (session) => session.query('select 1'));
  }

  /** Does not wait for an unreachable server: consumers that could not acknowledge get some frames again. */
  async close(): Promise<void> {
    this.#transactions.connections.hurry();
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await Promise.all([...this.#publishers.values()].map((publisher) => publisher.close()));
    await this.#hints.close();
    await this.#transactions.close();
  }

  #storeFor(topic: string, group: string): ConsumerStore {
    const { clock, holder, leaseMs } = this.#settings;
    const presences = new Presences(clock, leaseMs);
    const isGone = (consumerId: string, beat: number) => presences.isSilent(consumerId, beat) || holder.isGone(holderIdOf(consumerId));
    const transactions = this.#transactions;
    const ends = new PartitionEnds(() => transactions.run('single', (session) => tables.partitionEnds(session, topic)));
    return {
      claim: (consumerId) => transactions.run('write', (session) => tables.claimPartitions(session, topic, group, consumerId, isGone)),
      read: async (partition, after, maxBytes) => {
        if (!(await ends.isBeyond(partition, after))) return [];
        return transactions.run('single', (session) => tables.readFrames(session, topic, partition, after, maxBytes));
      },
      acknowledge: (consumerId, acknowledgements) =>
        transactions.run('unsynced', (session) =>
          tables.acknowledgeFrames(session, topic, group, consumerId, acknowledgements, clock.now()),
        ),
      rewind: (partition, from) => transactions.run('write', (session) => tables.rewindPosition(session, topic, group, partition, from)),
      release: (consumerId, partitions) =>
        transactions.run('write', (session) => tables.releasePartitions(session, topic, group, consumerId, partitions)),
      leave: (consumerId) => transactions.run('write', (session) => tables.leaveGroup(session, topic, group, consumerId)),
      onPublished: (listener) => this.#hints.onPublished(listener),
    };
  }

  async #newPublisher(topic: string): Promise<PostgresPublisher> {
    await this.#checkDeclared(topic);
    const known = this.#publishers.get(topic);
    if (known !== undefined) return known;
    const { clock, publishTimeoutMs } = this.#settings;
    const publisher = new PostgresPublisher({
      topic,
      transactions: this.#transactions,
      clock,
      publishTimeoutMs,
      onPublished: () => this.#hints.published(),
    });
    this.#publishers.set(topic, publisher);
    return publisher;
  }

  async #checkDeclared(topic: string): Promise<void> {
    if (this.#topics.has(topic)) return;
    if (!(await this.#transactions.run('single', (session) => tables.isDeclared(session, topic)))) {
      throw new KontorError('not_found', `The stream has no topic ${topic}: it must be declared first`);
    }
    this.#topics.add(topic);
  }
}
