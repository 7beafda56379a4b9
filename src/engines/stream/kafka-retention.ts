/**
 * Removes frames that every group has acknowledged once they are old enough or too many: Kafka itself would also remove
 * frames that no group has had yet. The last frame always stays, because the end of the partition is read from it.
 */
import { deleteRecordsV2 } from '@platformatic/kafka';
import type { Clock } from '#core/ports/clock.ts';
import type { Topic } from '#core/ports/stream.ts';
import { topicName } from './kafka-layout.ts';
import type { KafkaLink } from './kafka-link.ts';
import { KafkaLog, type LogPlace } from './kafka-log.ts';
import type { KafkaPositions } from './kafka-positions.ts';

export interface RetentionOptions {
  readonly link: KafkaLink;
  readonly positions: KafkaPositions;
  readonly clock: Clock;
  readonly topic: () => Topic | undefined;
}

interface Known {
  /** The bytes before the oldest frame that is left; undefined when unknown. */
  removedBytes: number | undefined;
  lookAtMs: number;
  isRunning: boolean;
}

const leastPauseMs = 500;
/** The share of `keepMs` after which old frames are looked for again, and of `keepBytes` that is removed at once. */
const step = 0.05;
const removeTimeoutMs = 4_000;

export class KafkaRetention {
  readonly #options: RetentionOptions;
  readonly #partitions = new Map<number, Known>();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Called after frames of a partition were acknowledged. */
  async look(partition: number, { mark }: LogPlace): Promise<void> {
    const topic = this.#options.topic();
    if (!topic) return;
    const known = this.#partitions.get(partition) ?? { removedBytes: undefined, lookAtMs: 0, isRunning: false };
    this.#partitions.set(partition, known);
    const nowMs = this.#options.clock.monotonicMs();
    const isTooMuch = known.removedBytes === undefined || mark.bytes - known.removedBytes > topic.keepBytes * (1 + step);
    if (known.isRunning || (!isTooMuch && nowMs < known.lookAtMs)) return;
    known.isRunning = true;
    try {
      known.removedBytes = await this.#remove(partition, topic);
      known.lookAtMs = nowMs + Math.max(leastPauseMs, topic.keepMs * step);
    } finally {
      known.isRunning = false;
    }
  }

  /** Removes what it may, and returns the bytes before the oldest frame that is left. */
  async #remove(partition: number, topic: Topic): Promise<number> {
    const { link, positions, clock } = this.#options;
    const log = new KafkaLog(link, topicName(link.address.prefix, topic.name), partition);
    const [slowest, start, end, firstYoung] = await Promise.all([
      positions.slowest(partition),
      log.start(),
      log.endOffset(),
      log.offsetAfter(clock.now() - topic.keepMs),
    ]);
    const mostBytes = slowest.mark.bytes - topic.keepBytes;
    const firstKept =
      mostBytes > start.mark.bytes ? await log.search(start.offset, slowest.offset, ({ after }) => after.bytes > mostBytes) : start.offset;
    const wanted = largest(firstYoung ?? slowest.offset, firstKept);
    const offset = smallest(wanted, smallest(slowest.offset, end - 1n));
    if (offset <= start.offset) return start.mark.bytes;
    const partitions = [{ partitionIndex: partition, offset }];
    const leader = await link.leaderOf(log.topic, partition);
    await link.call(leader, 'look', deleteRecordsV2.api, [{ name: log.topic, partitions }], removeTimeoutMs);
    return (await log.start()).mark.bytes;
  }
}

function largest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function smallest(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
