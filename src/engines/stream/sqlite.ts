/** Stream on one SQLite file: frames in a table, written by a separate thread and read by this one. */
import type { Chore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Log } from '#core/ports/log.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler, PartitionStatus, PublishOutcome, Stream, Topic } from '#core/ports/stream.ts';
import { Listeners } from '../listeners.ts';
import { SqliteConnection, storageError, whenNotBusy } from '../sqlite/connection.ts';
import { watchForeignChanges } from '../sqlite/foreign-changes.ts';
import { checkPublishable } from './frames.ts';
import { type ConsumerStore, consumerIdOf, holderIdOf, LeasedConsumer } from './leased-consumer.ts';
import { PartitionEnds } from './partition-ends.ts';
import { maxPartitions, StreamTables } from './sqlite-tables.ts';
import { SqliteWriter } from './sqlite-writer.ts';

export interface SqliteStreamOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly log: Log;
  /** How long `publish` waits for a slow group, and any write for another process's lock. */
  readonly publishTimeoutMs?: number;
  readonly leaseMs?: number;
  readonly maxRetryMs?: number;
}

const maxWaitingWrites = 10_000;
const fullPollMs = 20;
const maxWaitingForRoom = 1_000;
/** Frames are large and written once: large pages are 1.5 times as fast as SQLite's default (measured). */
export const tapePages = { pageBytes: 16_384, checkpointPages: 4_096 };

export async function openSqliteStream(options: SqliteStreamOptions): Promise<Stream> {
  const { path, clock } = options;
  const busyTimeoutMs = options.publishTimeoutMs ?? 10_000;
  await whenNotBusy(clock, busyTimeoutMs, () => createFile(path));
  // Another process that starts closes the file once, too, and holds it alone for that moment.
  const reader = await whenNotBusy(clock, busyTimeoutMs, () => new SqliteConnection({ path, readOnly: true }));
  const writer = new SqliteWriter({ path, ...tapePages, clock, busyTimeoutMs, maxWaiting: maxWaitingWrites });
  try {
    await writer.opened();
    return new SqliteStream(writer, reader, options);
  } catch (error) {
    reader.close();
    throw error;
  }
}

function createFile(path: string): void {
  const connection = new SqliteConnection({ path, ...tapePages });
  try {
    new StreamTables(connection).create();
  } finally {
    connection.close();
  }
}

class SqliteStream implements Stream {
  readonly #settings: Required<SqliteStreamOptions>;
  readonly #reader: SqliteConnection;
  readonly #writer: SqliteWriter;
  readonly #readable: StreamTables;
  readonly #topics = new Map<string, Topic>();
  readonly #consumers = new Set<LeasedConsumer>();
  readonly #listeners = new Listeners();
  readonly #closing = new AbortController();
  readonly #watching: Chore;
  #consumerCount = 0;
  #waitingForRoom = 0;

  constructor(writer: SqliteWriter, reader: SqliteConnection, options: SqliteStreamOptions) {
    this.#settings = { publishTimeoutMs: 10_000, leaseMs: 5_000, maxRetryMs: 5_000, ...options };
    this.#writer = writer;
    this.#reader = reader;
    this.#readable = new StreamTables(reader);
    this.#watching = watchForeignChanges(reader, options, () => {
      // Another process may have changed a topic's limits.
      this.#topics.clear();
      this.#listeners.notifySoon();
    });
  }

  async declare(topic: Topic): Promise<void> {
    await this.#writer.call('declare', topic);
    this.#topics.set(topic.name, topic);
  }

  async publish(topicName: string, partition: string, frame: Frame): Promise<PublishOutcome> {
    checkPublishable(partition, frame);
    const { clock, publishTimeoutMs } = this.#settings;
    const untilMs = clock.monotonicMs() + publishTimeoutMs;
    while (true) {
      // Read each time, so that changed limits apply to waiting frames, too.
      const topic = await this.#topic(topicName);
      const outcome = await this.#writer.call('publish', topic, partition, frame, clock.now());
      if (outcome === 'crowded')
        throw new KontorError(
          'overloaded',
          `The stream already has ${maxPartitions} partitions, the most allowed: ${partition} is refused`,
        );
      if (outcome !== 'full') {
        if (outcome === 'published') this.#listeners.notifySoon();
        return outcome;
      }
      if (clock.monotonicMs() > untilMs)
        throw new KontorError('overloaded', `${topicName}/${partition}: its consumers are ${topic.maxBacklogBytes} bytes behind`);
      if (this.#waitingForRoom >= maxWaitingForRoom) {
        throw new KontorError('overloaded', `More than ${maxWaitingForRoom} publishes wait for consumers to catch up: try again later`);
      }
      this.#waitingForRoom += 1;
      await clock.sleep(fullPollMs, this.#closing.signal);
      this.#waitingForRoom -= 1;
    }
  }

  async end(topic: string, partition: string): Promise<number> {
    return this.#read((tables) => tables.end(topic, partition));
  }

  async status(topic: string, group: string): Promise<readonly PartitionStatus[]> {
    return this.#read((tables) => tables.status(topic, group));
  }

  async consume(topicName: string, group: string, handler: FrameHandler, options: ConsumeOptions = {}): Promise<Consumer> {
    const topic = await this.#topic(topicName);
    const { clock, holder, leaseMs, maxRetryMs } = this.#settings;
    // From here on no frame is removed before this group has it.
    await this.#writer.call('join', topic.name, group);
    this.#consumerCount += 1;
    const consumerId = consumerIdOf(holder, this.#consumerCount);
    const consumer = new LeasedConsumer({ consumerId, store: this.#storeFor(topic, group), clock, handler, options, leaseMs, maxRetryMs });
    this.#consumers.add(consumer);
    return consumer;
  }

  async ping(): Promise<void> {
    this.#read((tables) => tables.topic(''));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    this.#closing.abort();
    await Promise.all([this.#writer.close(), this.#watching.stop()]);
    this.#reader.close();
  }

  #storeFor(topic: Topic, group: string): ConsumerStore {
    const { clock, holder, leaseMs } = this.#settings;
    const writer = this.#writer;
    const ends = new PartitionEnds(async () => this.#read((tables) => tables.ends(topic.name)));
    return {
      claim: (consumerId) => {
        const others = this.#read((tables) => tables.consumers(topic.name, group)).filter((id) => id !== consumerId);
        const dead = others.filter((id) => holder.isGone(holderIdOf(id)));
        return writer.call('claim', this.#topics.get(topic.name) ?? topic, group, consumerId, clock.now(), leaseMs, dead);
      },
      read: async (partition, after, maxBytes) =>
        (await ends.isBeyond(partition, after)) ? this.#read((tables) => tables.read(topic.name, partition, after, maxBytes)) : [],
      acknowledge: (consumerId, acknowledgements) =>
        writer.call('acknowledge', this.#topics.get(topic.name) ?? topic, group, consumerId, acknowledgements, clock.now()),
      rewind: (partition, from) => writer.call('rewind', topic.name, group, partition, from),
      release: (consumerId, partitions) => writer.call('release', topic.name, group, consumerId, partitions),
      leave: (consumerId) => writer.call('leave', topic.name, group, consumerId),
      onPublished: (listener) => this.#listeners.add(listener),
    };
  }

  #read<Result>(work: (tables: StreamTables) => Result): Result {
    try {
      return work(this.#readable);
    } catch (error) {
      throw storageError(error, this.#settings.path);
    }
  }

  async #topic(name: string): Promise<Topic> {
    const topic = this.#topics.get(name) ?? this.#read((tables) => tables.topic(name));
    if (!topic) throw new KontorError('not_found', `The stream has no topic ${name}: it must be declared first`);
    this.#topics.set(name, topic);
    return topic;
  }
}
