/** The SQLite stream's tables and their statements; every method runs inside the caller's transaction. */
import type { StatementSync } from 'node:sqlite';
import type { Frame, PartitionStatus, PublishOutcome, Topic } from '#core/ports/stream.ts';
import type { SqliteConnection } from '../sqlite/connection.ts';
import type { Acknowledgement, Claim } from './leased-consumer.ts';

/** Columns ending in `_bytes` count from the partition's beginning, so that a backlog is a difference, never a sum. */
const schema = `
  create table if not exists topic (
    name text primary key, keep_ms integer not null, keep_bytes integer not null, max_backlog_bytes integer not null
  ) strict;
  create table if not exists partition (
    id integer primary key, topic text not null, name text not null,
    end_seq integer not null default 0, end_bytes integer not null default 0,
    unique (topic, name)
  ) strict;
  create table if not exists frame (
    partition_id integer not null, first integer not null, count integer not null,
    end_bytes integer not null, stored_at integer not null, body blob not null
  ) strict;
  create index if not exists frame_order on frame (partition_id, first, end_bytes, stored_at);
  create table if not exists position (
    partition_id integer not null, consumer_group text not null,
    acknowledged integer not null default 0, acknowledged_bytes integer not null default 0,
    holder text, leased_until integer not null default 0,
    primary key (partition_id, consumer_group)
  ) strict, without rowid;
  create table if not exists consumer (
    topic text not null, consumer_group text not null, id text not null, present_until integer not null,
    primary key (topic, consumer_group, id)
  ) strict, without rowid;
`;

export const maxPartitions = 10_000;

interface Head {
  readonly id: number;
  readonly end_seq: number;
  readonly end_bytes: number;
  readonly backlog_bytes: number;
}

interface LeaseRow {
  readonly id: number;
  readonly name: string;
  readonly acknowledged: number;
  readonly holder: string | null;
  readonly leased_until: number;
}

export class StreamTables {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  create(): void {
    this.#connection.exec(schema);
  }

  declare({ name, keepMs, keepBytes, maxBacklogBytes }: Topic): void {
    this.#sql(`insert into topic values (?, ?, ?, ?) on conflict (name) do update
      set keep_ms = excluded.keep_ms, keep_bytes = excluded.keep_bytes, max_backlog_bytes = excluded.max_backlog_bytes`).run(
      name,
      keepMs,
      keepBytes,
      maxBacklogBytes,
    );
  }

  topic(name: string): Topic | undefined {
    return this.#sql(
      'select name, keep_ms as keepMs, keep_bytes as keepBytes, max_backlog_bytes as maxBacklogBytes from topic where name = ?',
    ).get(name) as Topic | undefined;
  }

  end(topic: string, partition: string): number {
    return this.#head(topic, partition)?.end_seq ?? 0;
  }

  /** Of every partition of the topic. */
  ends(topic: string): ReadonlyMap<string, number> {
    const rows = this.#sql('select name, end_seq as "end" from partition where topic = ?').all(topic);
    return new Map(rows.map((row) => [row.name as string, row.end as number]));
  }

  /** `full` when the slowest group is too far behind, `crowded` when the topic has too many partitions. */
  publish(topic: Topic, partition: string, frame: Frame, now: number): PublishOutcome | 'full' | 'crowded' {
    const head = this.#head(topic.name, partition) ?? this.#newPartition(topic.name, partition);
    if (!head) return 'crowded';
    const last = frame.first + frame.count - 1;
    if (last <= head.end_seq) return 'duplicate';
    if (frame.first !== head.end_seq + 1) return 'gap';
    if (head.backlog_bytes > 0 && head.backlog_bytes + frame.body.length > topic.maxBacklogBytes) return 'full';
    const endBytes = head.end_bytes + frame.body.length;
    this.#sql('update partition set end_seq = ?, end_bytes = ? where id = ?').run(last, endBytes, head.id);
    this.#sql('insert into frame (partition_id, first, count, end_bytes, stored_at, body) values (?, ?, ?, ?, ?, ?)').run(
      head.id,
      frame.first,
      frame.count,
      endBytes,
      now,
      frame.body,
    );
    return 'published';
  }

  read(topic: string, partition: string, after: number, maxBytes: number): readonly Frame[] {
    const frames: Frame[] = [];
    let bytes = 0;
    const rows = this.#sql(`select first, count, body from frame
      where partition_id = (select id from partition where topic = ? and name = ?) and first > ? order by first`).iterate(
      topic,
      partition,
      after,
    );
    for (const row of rows) {
      const frame = row as unknown as Frame;
      bytes += frame.body.length;
      if (frames.length > 0 && bytes > maxBytes) break;
      frames.push({ first: frame.first, count: frame.count, body: frame.body });
      if (bytes >= maxBytes) break;
    }
    return frames;
  }

  status(topic: string, group: string): readonly PartitionStatus[] {
    return this.#sql(`select name as partition, end_seq as "end", coalesce(acknowledged, 0) as acknowledged,
      end_bytes - coalesce(acknowledged_bytes, 0) as backlogBytes
      from partition left join position on partition_id = partition.id and consumer_group = ? where topic = ? order by name`)
      .all(group, topic)
      .map((row) => ({ ...row })) as unknown as PartitionStatus[];
  }

  /** `dead` are consumers whose process is gone: their leases need not expire. */
  claim(topic: Topic, group: string, consumerId: string, now: number, leaseMs: number, dead: readonly string[]): Claim {
    // A time further ahead than any lease was written before the clock was set back.
    const gone = (id: string, until: number) => until <= now || until > now + 2 * leaseMs || dead.includes(id);
    this.#sql(
      'insert into consumer values (?, ?, ?, ?) on conflict (topic, consumer_group, id) do update set present_until = excluded.present_until',
    ).run(topic.name, group, consumerId, now + leaseMs);
    const consumers = this.#sql('select id, present_until from consumer where topic = ? and consumer_group = ?').all(topic.name, group) as {
      id: string;
      present_until: number;
    }[];
    for (const { id, present_until } of consumers) if (gone(id, present_until)) this.#leave(topic.name, group, id);
    const present = consumers.filter(({ id, present_until }) => !gone(id, present_until)).length;

    this.join(topic.name, group);
    const leases = this.#sql(`select id, name, acknowledged, holder, leased_until from position join partition on id = partition_id
      where topic = ? and consumer_group = ? order by name`).all(topic.name, group) as unknown as LeaseRow[];
    const share = Math.ceil(leases.length / Math.max(1, present));
    const held = leases.filter((lease) => lease.holder === consumerId);
    const free = leases.filter((lease) => lease.holder === null || (lease.holder !== consumerId && gone(lease.holder, lease.leased_until)));
    const taken = free.slice(0, Math.max(0, share - held.length));
    for (const { id } of [...held, ...taken]) {
      this.#sql('update position set holder = ?, leased_until = ? where partition_id = ? and consumer_group = ?').run(
        consumerId,
        now + leaseMs,
        id,
        group,
      );
      // Also removes by age when there are no more acknowledgements.
      this.#retain(topic, id, now);
    }
    return {
      held: [...held, ...taken].map(({ name, acknowledged }) => ({ partition: name, acknowledged })),
      surplus: Math.max(0, held.length - share),
    };
  }

  /** All consumers that may hold a lease. */
  consumers(topic: string, group: string): readonly string[] {
    const rows = this.#sql(`select id from consumer where topic = ? and consumer_group = ?
      union select holder from position join partition on id = partition_id where topic = ? and consumer_group = ? and holder is not null`).all(
      topic,
      group,
      topic,
      group,
    );
    return (rows as { id: string }[]).map((row) => row.id);
  }

  acknowledge(topic: Topic, group: string, consumerId: string, acknowledgements: readonly Acknowledgement[], now: number): void {
    for (const acknowledgement of acknowledgements) this.#acknowledge(topic, group, consumerId, acknowledgement, now);
  }

  /** The bytes are looked up, not summed: a lost acknowledgement would make a sum wrong for good. */
  #acknowledge(topic: Topic, group: string, consumerId: string, { partition, upTo }: Acknowledgement, now: number): void {
    const head = this.#head(topic.name, partition);
    if (!head) return;
    const changed = this.#sql(`update position set acknowledged = ?, acknowledged_bytes = coalesce(
        (select end_bytes from frame where partition_id = ? and first <= ? order by first desc limit 1), acknowledged_bytes)
      where partition_id = ? and consumer_group = ? and holder = ? and acknowledged < ?`).run(
      upTo,
      head.id,
      upTo,
      head.id,
      group,
      consumerId,
      upTo,
    );
    if (changed.changes > 0) this.#retain(topic, head.id, now);
  }

  rewind(topic: string, group: string, partition: string, from: number): number | undefined {
    const head = this.#head(topic, partition);
    if (!head) return undefined;
    const frame = this.#sql(`select first, count, end_bytes - length(body) as start_bytes from frame
      where partition_id = ? and first <= ? order by first desc limit 1`).get(head.id, from) as
      | { first: number; count: number; start_bytes: number }
      | undefined;
    if (!frame || frame.first + frame.count <= from) return undefined;
    this.#sql('update position set acknowledged = ?, acknowledged_bytes = ? where partition_id = ? and consumer_group = ?').run(
      frame.first - 1,
      frame.start_bytes,
      head.id,
      group,
    );
    return frame.first - 1;
  }

  release(topic: string, group: string, consumerId: string, partitions: readonly string[]): void {
    for (const partition of partitions) {
      this.#sql(`update position set holder = null, leased_until = 0 where consumer_group = ? and holder = ?
        and partition_id = (select id from partition where topic = ? and name = ?)`).run(group, consumerId, topic, partition);
    }
  }

  leave(topic: string, group: string, consumerId: string): void {
    this.#leave(topic, group, consumerId);
    this.#sql('update position set holder = null, leased_until = 0 where consumer_group = ? and holder = ?').run(group, consumerId);
  }

  /** Adds the group's positions on partitions new to it, before the oldest frame. */
  join(topic: string, group: string): void {
    this.#sql(`insert into position (partition_id, consumer_group, acknowledged, acknowledged_bytes)
      select partition.id, ?, coalesce(oldest.first - 1, end_seq), coalesce(oldest.end_bytes - length(oldest.body), partition.end_bytes)
      from partition left join frame as oldest on oldest.partition_id = partition.id
        and oldest.first = (select min(first) from frame where partition_id = partition.id)
      where topic = ? on conflict do nothing`).run(group, topic);
  }

  #leave(topic: string, group: string, consumerId: string): void {
    this.#sql('delete from consumer where topic = ? and consumer_group = ? and id = ?').run(topic, group, consumerId);
  }

  /** Removes frames that every group has acknowledged and that are too old or too many. */
  #retain(topic: Topic, partitionId: number, now: number): void {
    const slowest = this.#sql('select min(acknowledged) as seq, min(acknowledged_bytes) as bytes from position where partition_id = ?').get(
      partitionId,
    ) as { seq: number; bytes: number };
    this.#sql('delete from frame where partition_id = ? and first <= ? and (end_bytes <= ? or (stored_at < ? and end_bytes <= ?))').run(
      partitionId,
      slowest.seq,
      slowest.bytes - topic.keepBytes,
      now - topic.keepMs,
      slowest.bytes,
    );
  }

  #head(topic: string, partition: string): Head | undefined {
    return this.#sql(`select id, end_seq, end_bytes,
      end_bytes - coalesce((select min(acknowledged_bytes) from position where partition_id = id), 0) as backlog_bytes
      from partition where topic = ? and name = ?`).get(topic, partition) as Head | undefined;
  }

  #newPartition(topic: string, partition: string): Head | undefined {
    const { partitions } = this.#sql('select count(*) as partitions from partition').get() as { partitions: number };
    if (partitions >= maxPartitions) return undefined;
    this.#sql('insert into partition (topic, name) values (?, ?)').run(topic, partition);
    const head = this.#head(topic, partition);
    // Every existing group gets its position at once: otherwise frames it has not seen would count as acknowledged.
    this.#sql(`insert into position (partition_id, consumer_group)
      select distinct ?, consumer_group from position where partition_id in (select id from partition where topic = ?)`).run(
      head?.id ?? 0,
      topic,
    );
    return head;
  }

  #sql(text: string): StatementSync {
    return this.#connection.prepare(text);
  }
}
