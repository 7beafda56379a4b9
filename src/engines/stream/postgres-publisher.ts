/** Publishes frames of one topic to PostgreSQL: frames that arrive together are committed together, in order within a partition. */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Frame, PublishOutcome } from '#core/ports/stream.ts';
import { byteaArray } from '../postgres/binary-array.ts';
import type { Session } from '../postgres/transaction.ts';
import type { Transactions } from '../postgres/transactions.ts';
import { lockTopic } from './postgres-tables.ts';

export interface PublisherOptions {
  readonly topic: string;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly publishTimeoutMs: number;
  readonly onPublished: () => void;
}

interface Waiting {
  readonly frame: Frame;
  readonly untilMs: number;
  resolve(outcome: PublishOutcome): void;
  reject(error: unknown): void;
}

/** The waiting frames of a partition, oldest first; at most one group at a time takes from them. */
interface Lane {
  readonly partition: string;
  waiting: Waiting[];
  busy: boolean;
  /** Its consumers are too far behind: skipped until the next retry. */
  full: boolean;
}

interface Taken {
  readonly lane: Lane;
  readonly frames: readonly Waiting[];
}

interface Head {
  readonly name: string;
  readonly endSeq: number;
  readonly endBytes: number;
  readonly backlogBytes: number;
  readonly maxBacklogBytes: number;
}

type Verdict = PublishOutcome | 'full' | 'crowded';

const maxGroupBytes = 4 * 1_024 * 1_024;
const maxGroupFrames = 1_000;
/** Two running groups keep both this process and the server's disk busy. */
const maxRunningGroups = 2;
const maxWaitingFrames = 20_000;
const maxWaitingBytes = 256 * 1_024 * 1_024;
const fullPollMs = 20;
const maxPartitions = 10_000;

export class PostgresPublisher {
  readonly #options: PublisherOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #groups = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #topic: string;
  #waitingFrames = 0;
  #waitingBytes = 0;
  #retrying: Promise<void> | undefined;
  #starting = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#topic = options.topic;
  }

  publish(partition: string, frame: Frame): Promise<PublishOutcome> {
    if (this.#closing.signal.aborted) return Promise.reject(new KontorError('unavailable', 'The stream is closed'));
    if (this.#waitingFrames >= maxWaitingFrames || this.#waitingBytes + frame.body.length > maxWaitingBytes) {
      return Promise.reject(new KontorError('overloaded', `${this.#topic}: ${this.#waitingFrames} frames already wait to be stored`));
    }
    const { clock, publishTimeoutMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<PublishOutcome>();
    const lane = this.#lanes.get(partition) ?? { partition, waiting: [], busy: false, full: false };
    this.#lanes.set(partition, lane);
    lane.waiting.push({ frame, untilMs: clock.monotonicMs() + publishTimeoutMs, resolve, reject });
    this.#waitingFrames += 1;
    this.#waitingBytes += frame.body.length;
    this.#startSoon();
    return promise;
  }

  /** Waits for running groups, and refuses the rest. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const lane of this.#lanes.values()) this.#refuseAll(lane);
    await Promise.all([...this.#groups, this.#retrying]);
  }

  #refuseAll(lane: Lane): void {
    for (const waiting of lane.waiting.splice(0))
      this.#end(waiting, () => waiting.reject(new KontorError('unavailable', 'The stream is closed')));
  }

  /** The pause lets callers of this turn of the event loop join the group. */
  #startSoon(): void {
    if (this.#starting) return;
    this.#starting = true;
    setImmediate(() => {
      this.#starting = false;
      this.#startGroups();
    });
  }

  #startGroups(): void {
    while (this.#groups.size < maxRunningGroups && !this.#closing.signal.aborted) {
      const group = this.#takeGroup();
      if (group.length === 0) return;
      const storing = this.#store(group).finally(() => {
        this.#groups.delete(storing);
        this.#startGroups();
      });
      this.#groups.add(storing);
    }
  }

  #takeGroup(): readonly Taken[] {
    const group: Taken[] = [];
    let frameCount = 0;
    let bytes = 0;
    for (const lane of this.#lanes.values()) {
      if (lane.busy || lane.waiting.length === 0 || lane.full) continue;
      let count = 0;
      while (count < lane.waiting.length && frameCount < maxGroupFrames && (bytes < maxGroupBytes || frameCount === 0)) {
        bytes += lane.waiting[count]?.frame.body.length ?? 0;
        frameCount += 1;
        count += 1;
      }
      if (count === 0) break;
      group.push({ lane, frames: lane.waiting.splice(0, count) });
      lane.busy = true;
    }
    return group;
  }

  async #store(group: readonly Taken[]): Promise<void> {
    try {
      const verdicts = await this.#options.transactions.run('write', (session) => this.#write(session, group));
      if (verdicts.some((ofLane) => ofLane.includes('published'))) this.#options.onPublished();
      for (const [index, taken] of group.entries()) this.#settle(taken, verdicts[index] ?? []);
    } catch (error) {
      for (const { frames } of group) for (const waiting of frames) this.#end(waiting, () => waiting.reject(error));
    } finally {
      for (const { lane } of group) {
        lane.busy = false;
        if (lane.waiting.length === 0) this.#lanes.delete(lane.partition);
      }
    }
  }

  /** Decides on each frame with the heads locked, then stores all accepted frames in one statement. */
  async #write(session: Session, group: readonly Taken[]): Promise<readonly (readonly Verdict[])[]> {
    const heads = await this.#lockHeads(
      session,
      group.map(({ lane }) => lane.partition),
    );
    const stored: { partition: string; frame: Frame; endBytes: number }[] = [];
    const moved: Head[] = [];
    const verdicts = group.map(({ lane, frames }) => {
      let head = heads.get(lane.partition);
      if (head === undefined) return frames.map((): Verdict => 'crowded');
      const before = head;
      let full = false;
      const ofLane = frames.map(({ frame }): Verdict => {
        const verdict = full ? 'full' : this.#verdictOn(frame, head as Head);
        full = verdict === 'full';
        if (verdict !== 'published') return verdict;
        head = headAfter(head as Head, frame);
        stored.push({ partition: lane.partition, frame, endBytes: head.endBytes });
        return verdict;
      });
      if (head !== before) moved.push(head);
      return ofLane;
    });
    if (stored.length > 0) await this.#insert(session, moved, stored);
    return verdicts;
  }

  #verdictOn({ first, count, body }: Frame, head: Head): Verdict {
    if (first + count - 1 <= head.endSeq) return 'duplicate';
    if (first !== head.endSeq + 1) return 'gap';
    return head.backlogBytes > 0 && head.backlogBytes + body.length > head.maxBacklogBytes ? 'full' : 'published';
  }

  /** `unnest` is in the select list, because as a table it would be written to a temporary file first. */
  async #insert(
    session: Session,
    moved: readonly Head[],
    stored: readonly { partition: string; frame: Frame; endBytes: number }[],
  ): Promise<void> {
    await session.query(
      `with moved as (
          update stream_partition as head set end_seq = next.end_seq, end_bytes = next.end_bytes
          from unnest($3::text[], $4::bigint[], $5::bigint[]) as next (name, end_seq, end_bytes)
          where head.topic = $1 and head.name = next.name)
        insert into stream_frame (topic, stored_at, partition, first, count, end_bytes, body)
          select $1, $2::bigint, unnest($6::text[]), unnest($7::bigint[]), unnest($8::bigint[]), unnest($9::bigint[]), unnest($10::bytea[])`,
      [
        this.#topic,
        this.#options.clock.now(),
        moved.map(({ name }) => name),
        moved.map(({ endSeq }) => endSeq),
        moved.map(({ endBytes }) => endBytes),
        stored.map(({ partition }) => partition),
        stored.map(({ frame }) => frame.first),
        stored.map(({ frame }) => frame.count),
        stored.map(({ endBytes }) => endBytes),
        byteaArray(stored.map(({ frame }) => frame.body)),
      ],
    );
  }

  /** Locks in the order of names, so that two publishers cannot deadlock. */
  async #lockHeads(session: Session, partitions: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const lock = async () =>
      new Map(
        (
          await session.query<Head>(
            `select name, end_seq as "endSeq", end_bytes as "endBytes", end_bytes - coalesce((
                select min(acknowledged_bytes) from stream_position where topic = $1 and partition = name), 0) as "backlogBytes",
                (select max_backlog_bytes from stream_topic where stream_topic.name = $1) as "maxBacklogBytes"
              from stream_partition where topic = $1 and name = any($2) order by name for update`,
            [this.#topic, partitions],
          )
        ).map((head) => [head.name, head]),
      );
    const heads = await lock();
    if (heads.size === partitions.length) return heads;
    await this.#addPartitions(
      session,
      partitions.filter((partition) => !heads.has(partition)),
    );
    return lock();
  }

  /** Every existing group gets its position at once: otherwise frames it has not seen would count as acknowledged. */
  async #addPartitions(session: Session, partitions: readonly string[]): Promise<void> {
    await lockTopic(session, this.#topic);
    await session.query(
      `insert into stream_partition (topic, name) select $1, new.name from unnest($2::text[]) as new (name)
        where (select count(*) from stream_partition) + $3 <= ${maxPartitions} on conflict do nothing`,
      [this.#topic, partitions, partitions.length],
    );
    await session.query(
      `insert into stream_position (topic, partition, consumer_group)
        select $1, partition.name, groups.consumer_group
        from stream_partition as partition, (select distinct consumer_group from stream_position where topic = $1
          union select consumer_group from stream_consumer where topic = $1) as groups
        where partition.topic = $1 and partition.name = any($2) on conflict do nothing`,
      [this.#topic, partitions],
    );
  }

  #settle({ lane, frames }: Taken, verdicts: readonly Verdict[]): void {
    const nowMs = this.#options.clock.monotonicMs();
    const stillWaiting: Waiting[] = [];
    frames.forEach((waiting, index) => {
      const verdict = verdicts[index] ?? 'full';
      if (verdict === 'crowded') {
        this.#end(waiting, () =>
          waiting.reject(
            new KontorError(
              'overloaded',
              `The stream already has ${maxPartitions} partitions, the most allowed: ${lane.partition} is refused`,
            ),
          ),
        );
      } else if (verdict !== 'full') {
        this.#end(waiting, () => waiting.resolve(verdict));
      } else if (nowMs < waiting.untilMs) {
        stillWaiting.push(waiting);
      } else {
        const message = `${this.#topic}/${lane.partition}: its consumers are too far behind (maxBacklogBytes)`;
        this.#end(waiting, () => waiting.reject(new KontorError('overloaded', message)));
      }
    });
    if (stillWaiting.length === 0) return;
    lane.waiting.unshift(...stillWaiting);
    lane.full = true;
    if (this.#closing.signal.aborted) this.#refuseAll(lane);
    else this.#retrying ??= this.#retryFull();
  }

  async #retryFull(): Promise<void> {
    await this.#options.clock.sleep(fullPollMs, this.#closing.signal);
    this.#retrying = undefined;
    for (const lane of this.#lanes.values()) lane.full = false;
    this.#startGroups();
  }

  #end({ frame }: Waiting, settle: () => void): void {
    this.#waitingFrames -= 1;
    this.#waitingBytes -= frame.body.length;
    settle();
  }
}

function headAfter(head: Head, { first, count, body }: Frame): Head {
  return { ...head, endSeq: first + count - 1, endBytes: head.endBytes + body.length, backlogBytes: head.backlogBytes + body.length };
}
