/** Reads one partition of Kafka: its bounds, its end, and where a record is. */
import { fetchV12, listOffsetsV7 } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';
import { answeredError } from './kafka-errors.ts';
import { beginning, type Mark, type StoredFrame, storedFrames } from './kafka-frames.ts';
import type { KafkaLink } from './kafka-link.ts';

/** A place in the log: the offset of the next record, and what comes before it. */
export interface LogPlace {
  readonly offset: bigint;
  readonly mark: Mark;
}

const latest = -1n;
const earliest = -2n;
/** Kafka returns only what its in-sync copies have, with this as well. */
const uncommitted = 0;
/** Enough for one record; Kafka returns a whole batch even when it is larger. */
const oneRecordBytes = 1_024;
/** When two publishers overlapped for a moment, the last record is not the one that goes furthest. */
const lastRecords = 50n;

export class KafkaLog {
  readonly #link: KafkaLink;
  readonly topic: string;
  readonly partition: number;

  constructor(link: KafkaLink, topic: string, partition: number) {
    this.#link = link;
    this.topic = topic;
    this.partition = partition;
  }

  startOffset(): Promise<bigint> {
    return this.#offsetAt(earliest);
  }

  endOffset(): Promise<bigint> {
    return this.#offsetAt(latest);
  }

  /** The offset of the first record at or after a time; undefined when all are older. */
  async offsetAfter(atMs: number): Promise<bigint | undefined> {
    const offset = await this.#offsetAt(BigInt(Math.floor(atMs)));
    return offset < 0n ? undefined : offset;
  }

  async end(): Promise<LogPlace> {
    const [start, offset] = await Promise.all([this.startOffset(), this.endOffset()]);
    if (offset === 0n) return { offset, mark: beginning };
    let mark: Mark | undefined;
    for (let from = offset - lastRecords > start ? offset - lastRecords : start; from < offset; ) {
      const { frames, next } = await this.read(from, 1_048_576);
      for (const { after } of frames) if (after.record > (mark?.record ?? 0)) mark = after;
      if (next <= from) throw new KontorError('unavailable', `${this.topic}/${this.partition}: a new leader does not know its end yet`);
      from = next;
    }
    if (!mark) throw new KontorError('storage_damaged', `${this.topic}/${this.partition}: Kafka has removed all frames of the partition`);
    return { offset, mark };
  }

  /** The oldest place that is left. */
  async start(): Promise<LogPlace> {
    const offset = await this.startOffset();
    if (offset === 0n) return { offset, mark: beginning };
    const oldest = await this.#firstAt(offset);
    return oldest ? { offset, mark: before(oldest) } : { offset, mark: (await this.end()).mark };
  }

  /** The first offset in the range whose frame is wanted, when all frames after a wanted one are wanted, too; `to` when none is. */
  async search(from: bigint, to: bigint, isWanted: (stored: StoredFrame) => boolean): Promise<bigint> {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) / 2n;
      const stored = await this.#firstAt(middle);
      if (!stored || stored.offset >= high || isWanted(stored)) high = middle;
      else low = stored.offset + 1n;
    }
    return low;
  }

  /** The first frame at or after an offset. */
  async #firstAt(offset: bigint): Promise<StoredFrame | undefined> {
    const { frames } = await this.read(offset, oneRecordBytes);
    return frames[0];
  }

  async read(offset: bigint, maxBytes: number): Promise<{ frames: readonly StoredFrame[]; next: bigint }> {
    const partitions = [
      { partition: this.partition, currentLeaderEpoch: -1, fetchOffset: offset, lastFetchedEpoch: -1, partitionMaxBytes: maxBytes },
    ];
    const answer = await this.#onLeader((leader) =>
      this.#link.call(leader, 'look', fetchV12.api, 0, 0, maxBytes, uncommitted, 0, -1, [{ topicId: this.topic, partitions }], [], ''),
    );
    return storedFrames(answer.responses[0]?.partitions[0]?.records ?? [], offset);
  }

  async #offsetAt(timestamp: bigint): Promise<bigint> {
    const partitions = [{ partitionIndex: this.partition, currentLeaderEpoch: -1, timestamp }];
    const answer = await this.#onLeader((leader) =>
      this.#link.call(leader, 'look', listOffsetsV7.api, -1, uncommitted, [{ name: this.topic, partitions }]),
    );
    return answer.topics[0]?.partitions[0]?.offset ?? -1n;
  }

  async #onLeader<Answer>(ask: (leader: number) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(await this.#link.leaderOf(this.topic, this.partition));
    } catch (error) {
      // The range was just removed: the caller looks again.
      if (answeredError(error) !== 'OFFSET_OUT_OF_RANGE') this.#link.forgetLeaders(this.topic);
      throw error;
    }
  }
}

function before({ frame, after }: StoredFrame): Mark {
  return { record: frame.first - 1, bytes: after.bytes - frame.body.length };
}
