/** How far the groups of a topic have acknowledged. Their positions are Kafka's committed offsets, with the place as metadata. */
import { type offsetCommitV8, offsetFetchV8 } from '@platformatic/kafka';
import type { Clock } from '#core/ports/clock.ts';
import type { Mark } from './kafka-frames.ts';
import { groupName, topicName } from './kafka-layout.ts';
import type { KafkaLink } from './kafka-link.ts';
import { KafkaLog, type LogPlace } from './kafka-log.ts';
import type { KafkaRegistry } from './kafka-registry.ts';

export interface PositionsOptions {
  readonly link: KafkaLink;
  readonly registry: KafkaRegistry;
  readonly clock: Clock;
}

/** Publishers that wait for the same group ask together, and not more often than this. */
const askEveryMs = 30;

export function committedPlace(partitionIndex: number, { offset, mark }: LogPlace): offsetCommitV8.OffsetCommitRequestPartition {
  return { partitionIndex, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: `${mark.record} ${mark.bytes}` };
}

/** The committed places of a group, by partition. */
export async function committedPlaces(
  link: KafkaLink,
  topic: string,
  group: string,
  partitions: readonly number[],
): Promise<Map<number, LogPlace>> {
  const { prefix } = link.address;
  const places = new Map<number, LogPlace>();
  if (partitions.length === 0) return places;
  const groupId = groupName(prefix, topic, group);
  const topics = [{ name: topicName(prefix, topic), partitionIndexes: [...partitions] }];
  try {
    const answer = await link.call(
      await link.coordinatorOf(groupId),
      'look',
      offsetFetchV8.api,
      [{ groupId, memberEpoch: -1, topics }],
      false,
    );
    for (const { partitionIndex, committedOffset, metadata } of answer.groups[0]?.topics[0]?.partitions ?? []) {
      const mark = committedOffset < 0n ? undefined : markOf(metadata ?? '');
      if (mark) places.set(partitionIndex, { offset: committedOffset, mark });
    }
    return places;
  } catch (error) {
    link.forgetCoordinator(groupId);
    throw error;
  }
}

function markOf(text: string): Mark | undefined {
  const [, record, bytes] = /^(\d+) (\d+)$/.exec(text) ?? [];
  return record === undefined ? undefined : { record: Number(record), bytes: Number(bytes) };
}

/** Positions of all groups of one topic. */
export class KafkaPositions {
  readonly #options: PositionsOptions;
  readonly #topic: string;
  #asking: Promise<readonly Map<number, LogPlace>[]> | undefined;

  constructor(options: PositionsOptions, topic: string) {
    this.#options = options;
    this.#topic = topic;
  }

  /** The place up to which every group has acknowledged a partition: its oldest frame, when a group has not begun. */
  async slowest(partition: number): Promise<LogPlace> {
    const { link } = this.#options;
    this.#asking ??= this.#ask();
    const groups = await this.#asking;
    let slowest: LogPlace | undefined;
    for (const places of groups) {
      const place = places.get(partition);
      if (place === undefined) return new KafkaLog(link, topicName(link.address.prefix, this.#topic), partition).start();
      if (slowest === undefined || place.offset < slowest.offset) slowest = place;
    }
    return slowest ?? new KafkaLog(link, topicName(link.address.prefix, this.#topic), partition).start();
  }

  async #ask(): Promise<readonly Map<number, LogPlace>[]> {
    const { link, registry, clock } = this.#options;
    try {
      const known = registry.topic(this.#topic);
      const numbers = [...(known?.partitions ?? [])].map((_, number) => number);
      return await Promise.all((known?.groups ?? []).map((group) => committedPlaces(link, this.#topic, group, numbers)));
    } finally {
      void clock.sleep(askEveryMs).then(() => {
        this.#asking = undefined;
      });
    }
  }
}
