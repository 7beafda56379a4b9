/** Fetches the frames of a consumer's partitions: those that one broker leads and that are wanted, in one request. */
import { fetchV12, ResponseError } from '@platformatic/kafka';
import type { Clock } from '#core/ports/clock.ts';
import type { KafkaBuffer } from './kafka-buffer.ts';
import { kafkaError } from './kafka-errors.ts';
import { storedFrames } from './kafka-frames.ts';
import type { KafkaLink } from './kafka-link.ts';

/** A partition to fetch. */
export interface Feed {
  readonly partition: number;
  readonly buffer: KafkaBuffer;
  arrived(): void;
  /** The offset was removed, or is past the end. */
  outOfRange(): void;
  failed(error: unknown): void;
  fetched(): void;
  /** Records that are not frames were skipped. */
  skipped(count: number): void;
}

export interface FetcherOptions {
  readonly link: KafkaLink;
  /** The topic of Kafka. */
  readonly topic: string;
  /** Unique for each consumer of this process. */
  readonly name: string;
  readonly clock: Clock;
  /** No more is fetched for a partition that has as much. */
  readonly maxBufferedBytes: number;
}

/** A request for all partitions waits this long for the first frame. */
const pollMs = 250;
/** Others wait less: both requests may wait for idle partitions while another one, which has frames, is wanted again. */
const shortPollMs = 10;
const maxRequests = 2;
const maxAnswerBytes = 16 * 1_024 * 1_024;
const pauseMs = 100;
const outOfRangeCode = 1;

export class KafkaFetcher {
  readonly #options: FetcherOptions;
  readonly #feeds = new Map<number, Feed>();
  /** Partitions that are being fetched, or pause after a failure. */
  readonly #busy = new Set<number>();
  readonly #requests = new Map<number, number>();
  readonly #closing = new AbortController();
  #isPlanned = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  add(feed: Feed): void {
    this.#feeds.set(feed.partition, feed);
    this.wake();
  }

  remove(partition: number): void {
    this.#feeds.delete(partition);
  }

  /** A partition may want more. */
  wake(): void {
    if (this.#isPlanned || this.#closing.signal.aborted) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      void this.#plan();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const { link, name } = this.#options;
    for (let lane = 0; lane < maxRequests; lane += 1) await link.closeLane(`fetch${lane}-${name}`);
  }

  async #plan(): Promise<void> {
    const { link, topic, maxBufferedBytes } = this.#options;
    const byLeader = new Map<number, Feed[]>();
    for (const feed of this.#feeds.values()) {
      const { partition } = feed;
      if (this.#busy.has(partition) || feed.buffer.bytes >= maxBufferedBytes) continue;
      // So that no other plan takes it while its leader is asked for.
      this.#busy.add(partition);
      try {
        const leader = await link.leaderOf(topic, partition);
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), feed]);
      } catch (error) {
        this.#pause(feed, error);
      }
    }
    for (const [leader, feeds] of byLeader) {
      if ((this.#requests.get(leader) ?? 0) < maxRequests && !this.#closing.signal.aborted) void this.#fetch(leader, feeds);
      else for (const { partition } of feeds) this.#busy.delete(partition);
    }
  }

  async #fetch(leader: number, feeds: readonly Feed[]): Promise<void> {
    const { link, topic, name, maxBufferedBytes } = this.#options;
    const lane = this.#requests.get(leader) ?? 0;
    this.#requests.set(leader, lane + 1);
    const asked = feeds.map(({ partition, buffer }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: buffer.next,
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBufferedBytes,
    }));
    const topics = [{ topicId: topic, partitions: asked }];
    const waitMs = feeds.length === this.#feeds.size ? pollMs : shortPollMs;
    try {
      const fetching = link.call(leader, `fetch${lane}-${name}`, fetchV12.api, waitMs, 1, maxAnswerBytes, 0, 0, -1, topics, [], '');
      const answer = await fetching.catch((error: unknown) => {
        if (error instanceof ResponseError) return error.response as fetchV12.FetchResponse;
        throw error;
      });
      const byPartition = new Map(answer.responses.flatMap(({ partitions }) => partitions).map((one) => [one.partitionIndex, one]));
      for (const [index, feed] of feeds.entries()) this.#take(feed, asked[index]?.fetchOffset ?? 0n, byPartition.get(feed.partition));
    } catch (error) {
      for (const feed of feeds) this.#pause(feed, error);
    } finally {
      this.#requests.set(leader, (this.#requests.get(leader) ?? 1) - 1);
      this.wake();
    }
  }

  #take(feed: Feed, from: bigint, answer: fetchV12.FetchResponsePartition | undefined): void {
    const { partition, buffer } = feed;
    if (answer?.errorCode === 0) {
      this.#busy.delete(partition);
      // Meanwhile the partition went to another consumer, or back to an earlier place.
      if (this.#feeds.get(partition) !== feed || buffer.next !== from) return;
      feed.fetched();
      const { frames, next, foreign } = storedFrames(answer.records ?? [], from);
      if (next > from) buffer.add(frames, next);
      if (foreign > 0) feed.skipped(foreign);
      if (frames.length > 0) feed.arrived();
      return;
    }
    if (answer?.errorCode === outOfRangeCode) feed.outOfRange();
    this.#pause(feed, answer === undefined ? new Error('no answer for a partition') : undefined);
  }

  /** Fetches it again after a while, from its leader at that time. */
  #pause(feed: Feed, error: unknown): void {
    const { link, topic, clock } = this.#options;
    link.forgetLeaders(topic);
    // What went to another consumer meanwhile is not this one's trouble any more.
    const isOurs = this.#feeds.get(feed.partition) === feed && !this.#closing.signal.aborted;
    if (error !== undefined && isOurs) feed.failed(kafkaError(error));
    void clock.sleep(pauseMs, this.#closing.signal).then(() => {
      this.#busy.delete(feed.partition);
      this.wake();
    });
  }
}
