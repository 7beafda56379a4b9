/**
 * The registry of topics, groups and partitions: a topic of Kafka with one partition, which every process reads from the
 * beginning and follows. All read the same entries in the same order, so they agree on the number of each partition.
 */
import { fetchV12, produceV9 } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { Listeners } from '../listeners.ts';
import { answeredError, kafkaError } from './kafka-errors.ts';
import { ensurePartitions, ensureTopic, partitionCountFor, registryName, topicName } from './kafka-layout.ts';
import type { KafkaLink } from './kafka-link.ts';
import { KafkaLog } from './kafka-log.ts';
import { retried } from './kafka-retry.ts';
import { type RegisteredTopic, RegisteredTopics, type TopicEntry, undeclaredTopic } from './registered-topics.ts';

export interface RegistryOptions {
  readonly link: KafkaLink;
  readonly clock: Clock;
  readonly log: Log;
}

const appendTimeoutMs = 15_000;
const pollMs = 500;
const pollBytes = 1_048_576;
const pauseMs = 200;
const ackOfAll = -1;

export class KafkaRegistry {
  readonly #options: RegistryOptions;
  readonly #topic: string;
  readonly #log: KafkaLog;
  readonly #closing = new AbortController();
  readonly #listeners = new Listeners();
  readonly #following: Promise<void>;
  #topics = new RegisteredTopics();
  /** Entries before this offset have been read. */
  #next = 0n;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#topic = registryName(options.link.address.prefix);
    this.#log = new KafkaLog(options.link, this.#topic, 0);
    this.#following = this.#follow();
  }

  /** Resolves when the existing entries have been read. */
  async opened(timeoutMs: number): Promise<void> {
    await this.#retried(timeoutMs, async () => {
      await ensureTopic(this.#options.link, this.#topic, 1);
      await this.#readUpTo(await this.#log.endOffset(), timeoutMs);
    });
  }

  topic(name: string): RegisteredTopic | undefined {
    return this.#topics.get(name);
  }

  /** As `topic`, after checking whether another process has just declared it; rejects when it is not declared. */
  async declaredTopic(name: string): Promise<RegisteredTopic> {
    if (!this.#topics.get(name)) await this.#look();
    const known = this.#topics.get(name);
    if (!known) throw undeclaredTopic(name);
    return known;
  }

  /** The names of the partitions, by their numbers. */
  names(topic: string): readonly string[] {
    return [...(this.#topics.get(topic)?.partitions ?? [])];
  }

  /** The number of a partition; undefined before it is registered. */
  numberOf(topic: string, partition: string): number | undefined {
    const number = this.names(topic).indexOf(partition);
    return number === -1 ? undefined : number;
  }

  /** As `numberOf`, after checking whether another process has just registered it. */
  async lookUp(topic: string, partition: string): Promise<number | undefined> {
    if (this.numberOf(topic, partition) === undefined) await this.#look();
    return this.numberOf(topic, partition);
  }

  /** The number of a partition, which is registered and made if necessary. */
  async ensuredNumber(topic: string, partition: string): Promise<number> {
    await this.add({ kind: 'partition', topic, partition });
    const number = this.numberOf(topic, partition);
    if (number === undefined) throw undeclaredTopic(topic);
    const count = partitionCountFor(number + 1);
    const { link } = this.#options;
    const name = topicName(link.address.prefix, topic);
    if (count > partitionCountFor(0)) await this.#retried(appendTimeoutMs, () => ensurePartitions(link, name, count));
    return number;
  }

  /** Resolves when the entry is durable and known here. */
  async add(entry: TopicEntry): Promise<void> {
    if (this.#topics.isKnown(entry)) return;
    await this.#look();
    this.#topics.refuseTooMany(entry);
    if (!this.#topics.isKnown(entry)) await this.#append(entry);
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.link.closeLane('registry');
    await this.#following;
  }

  async #append(entry: TopicEntry): Promise<void> {
    const { link } = this.#options;
    const record = { topic: this.#topic, partition: 0, value: Buffer.from(JSON.stringify(entry)) };
    await this.#retried(appendTimeoutMs, async () => {
      const answer = await this.#onLeader((leader) => link.call(leader, 'list', produceV9.api, ackOfAll, appendTimeoutMs, [record]));
      if (answer === true || answer === false) throw new KontorError('unavailable', 'Kafka did not answer');
      await this.#readUpTo((answer.responses[0]?.partitionResponses[0]?.baseOffset ?? 0n) + 1n, appendTimeoutMs);
    });
  }

  async #look(): Promise<void> {
    await this.#retried(appendTimeoutMs, async () => this.#readUpTo(await this.#log.endOffset(), appendTimeoutMs));
  }

  async #readUpTo(offset: bigint, timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + timeoutMs;
    while (this.#next < offset) {
      if (this.#closing.signal.aborted) throw new KontorError('unavailable', 'The stream is closed');
      if (clock.monotonicMs() > untilMs) throw new KontorError('timed_out', 'Kafka did not return the registry of topics in time');
      const changed = new AbortController();
      const forget = this.onChange(() => changed.abort());
      await clock.sleep(pauseMs, changed.signal);
      forget();
    }
  }

  async #follow(): Promise<void> {
    const { clock, log } = this.#options;
    let failing = false;
    while (!this.#closing.signal.aborted) {
      try {
        if (await this.#poll()) this.#listeners.notify();
        failing = false;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (answeredError(error) === 'OFFSET_OUT_OF_RANGE') this.#startAgain();
        else if (!failing && this.#next > 0n) log.warn({ err: kafkaError(error) }, 'the registry of topics cannot be followed; retrying');
        failing = true;
        await clock.sleep(pauseMs, this.#closing.signal);
      }
    }
  }

  /** The registry was deleted and made again. */
  #startAgain(): void {
    this.#next = 0n;
    this.#topics = new RegisteredTopics();
  }

  /** Whether there were new entries. */
  async #poll(): Promise<boolean> {
    const { link } = this.#options;
    const partitions = [
      { partition: 0, currentLeaderEpoch: -1, fetchOffset: this.#next, lastFetchedEpoch: -1, partitionMaxBytes: pollBytes },
    ];
    const answer = await this.#onLeader((leader) =>
      link.call(leader, 'registry', fetchV12.api, pollMs, 1, pollBytes, 0, 0, -1, [{ topicId: this.#topic, partitions }], [], ''),
    );
    const before = this.#next;
    for (const { firstOffset, lastOffsetDelta, records } of answer.responses[0]?.partitions[0]?.records ?? []) {
      for (const { offsetDelta, value } of records) {
        if (firstOffset + BigInt(offsetDelta) >= before) this.#apply(value);
      }
      this.#next = firstOffset + BigInt(lastOffsetDelta) + 1n;
    }
    return this.#next > before;
  }

  #apply(value: Buffer | null): void {
    try {
      const entry = JSON.parse(String(value)) as TopicEntry;
      // An unknown kind was written by a later version and is ignored.
      if (['topic', 'group', 'partition'].includes(entry.kind)) this.#topics.apply(entry);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the registry of topics has an entry that is not JSON; it is ignored');
    }
  }

  async #onLeader<Answer>(ask: (leader: number) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(await this.#options.link.leaderOf(this.#topic, 0));
    } catch (error) {
      this.#options.link.forgetLeaders(this.#topic);
      throw error;
    }
  }

  #retried<Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
    return retried({ clock: this.#options.clock, timeoutMs, signal: this.#closing.signal }, work);
  }
}
