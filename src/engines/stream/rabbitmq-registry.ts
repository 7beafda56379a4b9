/**
 * The registry of topics, groups and partitions. AMQP cannot list them, so they are appended to a log, a queue of RabbitMQ's
 * type `stream`, which every process reads from the beginning and follows. All read the same entries in the same order, so
 * they agree, for example on which group of a topic came first.
 */
import type { Channel, ConsumeMessage } from 'amqplib';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { aborted, withinTime } from '#core/within-time.ts';
import { Listeners } from '../listeners.ts';
import { answerTimeoutMs, type OpenChannel, type RabbitmqLink, withChannels } from './rabbitmq-link.ts';
import { type RegisteredTopic, RegisteredTopics, type TopicEntry, undeclaredTopic } from './registered-topics.ts';

export type RegistryEntry =
  | TopicEntry
  /** A marker without content: a process that reads its marker back has read every earlier entry. */
  | { readonly kind: 'look' };

export interface RegistryOptions {
  readonly reading: RabbitmqLink;
  readonly writing: RabbitmqLink;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  /** Unique for each opened stream: identifies the entries that it appended. */
  readonly id: string;
}

const registryQueue = 'kontor-registry';
const prefetch = 200;
const resendMs = 1_000;
const appendTimeoutMs = 15_000;
/** RabbitMQ under an alarm accepts no entries, but reading must continue, so that consumers can relieve it. */
const markerTimeoutMs = 3_000;

export class RabbitmqRegistry {
  readonly #options: RegistryOptions;
  readonly #closing = new AbortController();
  readonly #listeners = new Listeners();
  /** Entries appended but not read back yet, by message id. */
  readonly #arrivals = new Map<string, AbortController>();
  /** The entries that this process needs, by key: appended again if RabbitMQ has lost them. */
  readonly #wanted = new Map<string, TopicEntry>();
  readonly #following: Promise<void>;
  readonly #firstRead = Promise.withResolvers<void>();
  #topics = new RegisteredTopics();
  #writer: Channel | undefined;
  #appended = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
    const { reading: link, clock, random, log } = options;
    this.#following = withChannels({
      link,
      clock,
      random,
      signal: this.#closing.signal,
      open: (session) => session.openChannel(),
      use: (open) => this.#follow(open),
      onError: (error) => log.warn({ err: error }, 'the registry of topics cannot be followed; retrying'),
    });
  }

  /** Resolves when the existing entries have been read. */
  opened(): Promise<void> {
    return this.#firstRead.promise;
  }

  topic(name: string): RegisteredTopic | undefined {
    return this.#topics.get(name);
  }

  /** As `topic`, after checking whether another process has just declared it; rejects when it is not declared. */
  async declaredTopic(name: string): Promise<RegisteredTopic> {
    if (!this.#topics.get(name)) await this.#append({ kind: 'look' });
    const known = this.#topics.get(name);
    if (!known) throw undeclaredTopic(name);
    return known;
  }

  /** Resolves when the entry is durable and known here. */
  async add(entry: TopicEntry): Promise<void> {
    this.#topics.refuseTooMany(entry);
    this.#wanted.set(keyOf(entry), entry);
    if (!this.#topics.isKnown(entry)) await this.#append(entry);
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async #follow({ channel, lost }: OpenChannel): Promise<void> {
    const topics = new RegisteredTopics();
    const present = new Set<string>();
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return void channel.close().catch(() => {});
      channel.ack(message);
      const entry = this.#parsed(message.content);
      if (entry) {
        present.add(keyOf(entry));
        if (entry.kind !== 'look') topics.apply(entry);
      }
      this.#arrivals.get(String(message.properties.messageId))?.abort();
      if (this.#topics === topics) this.#listeners.notify();
    };
    const begin = async () => {
      await channel.assertQueue(registryQueue, { durable: true, arguments: { 'x-queue-type': 'stream' } });
      await channel.prefetch(prefetch);
      await channel.consume(registryQueue, take, { arguments: { 'x-stream-offset': 'first' } });
    };
    await withinTime(this.#options.clock, answerTimeoutMs, begin());
    await this.#append({ kind: 'look' }, markerTimeoutMs).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'the registry of topics accepts no entry; continuing with the entries read so far');
    });
    if (lost.aborted) throw lost.reason;
    this.#topics = topics;
    this.#firstRead.resolve();
    this.#listeners.notify();
    for (const [key, entry] of this.#wanted) if (!present.has(key)) await this.#append(entry);
    await aborted(AbortSignal.any([lost, this.#closing.signal]));
    if (lost.aborted) throw lost.reason;
  }

  /** An entry that is read back is durable, because RabbitMQ delivers only what a majority stored. Until then it is sent again. */
  async #append(entry: RegistryEntry, timeoutMs = appendTimeoutMs): Promise<void> {
    const { clock, id } = this.#options;
    const untilMs = clock.monotonicMs() + timeoutMs;
    this.#appended += 1;
    const messageId = `${id}/${this.#appended}`;
    const arrived = new AbortController();
    const pausing = AbortSignal.any([arrived.signal, this.#closing.signal]);
    this.#arrivals.set(messageId, arrived);
    let failure: unknown;
    try {
      while (!arrived.signal.aborted) {
        if (this.#closing.signal.aborted) throw new KontorError('unavailable', 'The stream is closed');
        if (clock.monotonicMs() > untilMs)
          throw new KontorError('unavailable', `RabbitMQ did not accept an entry of the registry of topics within ${timeoutMs} ms`, {
            cause: failure,
          });
        await this.#send(entry, messageId).catch((error: unknown) => {
          failure = error;
        });
        await clock.sleep(resendMs, pausing);
      }
    } finally {
      this.#arrivals.delete(messageId);
    }
  }

  async #send(entry: RegistryEntry, messageId: string): Promise<void> {
    const content = Buffer.from(JSON.stringify(entry));
    const channel = this.#writer ?? (await this.#openWriter());
    channel.sendToQueue(registryQueue, content, { persistent: true, messageId, contentType: 'application/json' });
  }

  async #openWriter(): Promise<Channel> {
    const session = await this.#options.writing.session(resendMs);
    const channel = await session.openChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      this.#writer = undefined;
    });
    this.#writer = channel;
    return channel;
  }

  #parsed(content: Buffer): RegistryEntry | undefined {
    try {
      const entry = JSON.parse(content.toString()) as RegistryEntry;
      // An unknown kind was written by a later version and is ignored.
      return ['topic', 'group', 'partition', 'look'].includes(entry.kind) ? entry : undefined;
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the registry of topics has an entry that is not JSON; it is ignored');
      return undefined;
    }
  }
}

/** A topic's key ignores its limits, so that a change by another process is not reverted. */
function keyOf(entry: RegistryEntry): string {
  if (entry.kind === 'topic') return JSON.stringify([entry.kind, entry.topic.name]);
  return JSON.stringify(Object.values(entry));
}
