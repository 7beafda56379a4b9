/** The PostgreSQL stream's tables and their statements; every function runs inside the caller's transaction. */
import { sql } from 'kysely';
import type { Migration } from '#core/ports/state.ts';
import type { Frame, PartitionStatus, Topic } from '#core/ports/stream.ts';
import type { Session } from '../postgres/transaction.ts';
import type { Acknowledgement, Claim } from './leased-consumer.ts';

/**
 * Columns ending in `_bytes` count from the partition's beginning, so that a backlog is a difference, never a sum.
 * Bodies do not compress well, hence `external`. Rows that change often leave room on their page, so that updates do not
 * touch the indexes. Frames are short-lived, so they are vacuumed by number, not by share.
 */
export const postgresStreamMigrations: readonly Migration[] = [
  {
    id: 'stream-001-tables',
    async up(queries) {
      for (const statement of [
        `create table stream_topic (
          name text primary key, keep_ms bigint not null, keep_bytes bigint not null, max_backlog_bytes bigint not null)`,
        `create table stream_partition (
          topic text not null, name text not null, end_seq bigint not null default 0, end_bytes bigint not null default 0,
          primary key (topic, name)) with (fillfactor = 50)`,
        `create table stream_frame (
          topic text not null, partition text not null, first bigint not null, count bigint not null,
          end_bytes bigint not null, stored_at bigint not null, body bytea not null,
          primary key (topic, partition, first))
          with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0.2,
            toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 50000)`,
        'alter table stream_frame alter column body set storage external',
        `create table stream_position (
          topic text not null, partition text not null, consumer_group text not null,
          acknowledged bigint not null default 0, acknowledged_bytes bigint not null default 0, holder text,
          primary key (topic, partition, consumer_group)) with (fillfactor = 50)`,
        `create table stream_consumer (
          topic text not null, consumer_group text not null, id text not null, beat bigint not null,
          primary key (topic, consumer_group, id)) with (fillfactor = 50)`,
      ]) {
        await sql.raw(statement).execute(queries);
      }
    },
  },
];

/** Upper bounds of frames read for a delivery, and removed per partition for an acknowledgement. */
const maxFramesRead = 512;
const maxFramesRemoved = 500;

export async function declareTopic(session: Session, topic: Topic): Promise<void> {
  await session.query(
    `insert into stream_topic values ($1, $2, $3, $4) on conflict (name) do update
      set keep_ms = excluded.keep_ms, keep_bytes = excluded.keep_bytes, max_backlog_bytes = excluded.max_backlog_bytes`,
    [topic.name, topic.keepMs, topic.keepBytes, topic.maxBacklogBytes],
  );
}

export async function isDeclared(session: Session, topic: string): Promise<boolean> {
  return (await session.query('select from stream_topic where name = $1', [topic])).length > 0;
}

export async function partitionEnd(session: Session, topic: string, partition: string): Promise<number> {
  const [row] = await session.query<{ end: number }>('select end_seq as "end" from stream_partition where topic = $1 and name = $2', [
    topic,
    partition,
  ]);
  return row?.end ?? 0;
}

export async function partitionEnds(session: Session, topic: string): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ name: string; end: number }>('select name, end_seq as "end" from stream_partition where topic = $1', [
    topic,
  ]);
  return new Map(rows.map(({ name, end }) => [name, end]));
}

export function partitionStatuses(session: Session, topic: string, group: string): Promise<readonly PartitionStatus[]> {
  return session.query<PartitionStatus>(
    `select name as partition, end_seq as "end", coalesce(acknowledged, 0) as acknowledged,
        end_bytes - coalesce(acknowledged_bytes, 0) as "backlogBytes"
      from stream_partition left join stream_position on stream_position.topic = stream_partition.topic
        and partition = name and consumer_group = $2
      where stream_partition.topic = $1 order by name`,
    [topic, group],
  );
}

/** Whether a consumer no longer renews its presence: see `presences.ts`. */
export type IsGone = (consumerId: string, beat: number) => boolean;

export async function claimPartitions(session: Session, topic: string, group: string, consumerId: string, isGone: IsGone): Promise<Claim> {
  await joinGroup(session, topic, group, consumerId);
  const consumers = await session.query<{ id: string; beat: number }>(
    'select id, beat from stream_consumer where topic = $1 and consumer_group = $2',
    [topic, group],
  );
  const gone = consumers.filter(({ id, beat }) => id !== consumerId && isGone(id, beat)).map(({ id }) => id);
  if (gone.length > 0)
    await session.query('delete from stream_consumer where topic = $1 and consumer_group = $2 and id = any($3)', [topic, group, gone]);

  const positions = await session.query<{ partition: string; acknowledged: number; holder: string | null }>(
    'select partition, acknowledged, holder from stream_position where topic = $1 and consumer_group = $2 order by partition',
    [topic, group],
  );
  const present = new Set(consumers.map(({ id }) => id).filter((id) => !gone.includes(id)));
  const share = Math.ceil(positions.length / present.size);
  const held = positions.filter(({ holder }) => holder === consumerId);
  const free = positions.filter(({ holder }) => holder === null || !present.has(holder));
  const taken = free.slice(0, Math.max(0, share - held.length));
  if (taken.length > 0) {
    await session.query('update stream_position set holder = $3 where topic = $1 and consumer_group = $2 and partition = any($4)', [
      topic,
      group,
      consumerId,
      taken.map(({ partition }) => partition),
    ]);
  }
  return { held: [...held, ...taken], surplus: Math.max(0, held.length - share) };
}

/** Renews the consumer's presence. From here on no frame is removed before this group has it, on new partitions too. */
export async function joinGroup(session: Session, topic: string, group: string, consumerId: string): Promise<void> {
  await lockTopic(session, topic);
  await session.query(
    `insert into stream_consumer values ($1, $2, $3, 1)
      on conflict (topic, consumer_group, id) do update set beat = stream_consumer.beat + 1`,
    [topic, group, consumerId],
  );
  await joinAtOldestFrame(session, topic, group);
}

/** Adding a partition or a group locks the topic: otherwise a new partition could miss a new group, or the reverse. */
export async function lockTopic(session: Session, topic: string): Promise<void> {
  await session.query('select from stream_topic where name = $1 for update', [topic]);
}

/** Adds the group's positions on partitions new to it, before the oldest frame. */
async function joinAtOldestFrame(session: Session, topic: string, group: string): Promise<void> {
  await session.query(
    `insert into stream_position (topic, partition, consumer_group, acknowledged, acknowledged_bytes)
      select $1, name, $2, coalesce(oldest.first - 1, end_seq), coalesce(oldest.start_bytes, end_bytes)
      from stream_partition left join lateral (
        select first, end_bytes - length(body) as start_bytes from stream_frame
        where topic = $1 and partition = name order by first limit 1) as oldest on true
      where topic = $1 and not exists (
        select from stream_position where topic = $1 and partition = name and consumer_group = $2)
      on conflict do nothing`,
    [topic, group],
  );
}

/** Bodies beyond the limit are not fetched: only their lengths are read. */
export function readFrames(session: Session, topic: string, partition: string, after: number, maxBytes: number): Promise<readonly Frame[]> {
  return session.query<Frame>(
    `select first, count, body from (
        select first, count, body, end_bytes, row_number() over in_order as place,
          first_value(end_bytes - length(body)) over in_order as start_bytes
        from (select * from stream_frame where topic = $1 and partition = $2 and first > $3 order by first limit ${maxFramesRead}) as next
        window in_order as (order by first)) as run
      where place = 1 or end_bytes - start_bytes <= $4 order by first`,
    [topic, partition, after, maxBytes],
  );
}

/** The bytes are looked up, not summed: a lost acknowledgement would make a sum wrong for good. */
export async function acknowledgeFrames(
  session: Session,
  topic: string,
  group: string,
  consumerId: string,
  acknowledgements: readonly Acknowledgement[],
  now: number,
): Promise<void> {
  const changed = await session.query<{ partition: string }>(
    `update stream_position as position set acknowledged = done.up_to, acknowledged_bytes = last.end_bytes
      from unnest($4::text[], $5::bigint[]) as done (partition, up_to)
      cross join lateral (
        select end_bytes from stream_frame
        where topic = $1 and partition = done.partition and first <= done.up_to order by first desc limit 1) as last
      where topic = $1 and consumer_group = $2 and holder = $3 and position.partition = done.partition and acknowledged < done.up_to
      returning position.partition`,
    [topic, group, consumerId, acknowledgements.map(({ partition }) => partition), acknowledgements.map(({ upTo }) => upTo)],
  );
  await removeFrames(
    session,
    topic,
    changed.map(({ partition }) => partition),
    now,
  );
}

/** Removes frames that every group has acknowledged and that are too old or too many, up to `maxFramesRemoved`. */
async function removeFrames(session: Session, topic: string, partitions: readonly string[], now: number): Promise<void> {
  if (partitions.length === 0) return;
  await session.query(
    `delete from stream_frame as frame using stream_topic, unnest($2::text[]) as done (partition)
      cross join lateral (
        select min(acknowledged) as seq, min(acknowledged_bytes) as bytes
        from stream_position where topic = $1 and partition = done.partition) as slowest
      cross join lateral (
        select first from stream_frame as oldest
        where topic = $1 and partition = done.partition and first <= slowest.seq
        order by first limit ${maxFramesRemoved} for update skip locked) as candidate
      where stream_topic.name = $1 and frame.topic = $1 and frame.partition = done.partition and frame.first = candidate.first
        and (frame.end_bytes <= slowest.bytes - keep_bytes or (frame.stored_at < $3 - keep_ms and frame.end_bytes <= slowest.bytes))`,
    [topic, partitions, now],
  );
}

/** Moves the group back to the frame with this sequence number; returns the position before it, or undefined when it was removed. */
export async function rewindPosition(
  session: Session,
  topic: string,
  group: string,
  partition: string,
  from: number,
): Promise<number | undefined> {
  const [frame] = await session.query<{ first: number; count: number; startBytes: number }>(
    `select first, count, end_bytes - length(body) as "startBytes" from stream_frame
      where topic = $1 and partition = $2 and first <= $3 order by first desc limit 1`,
    [topic, partition, from],
  );
  if (frame === undefined || frame.first + frame.count <= from) return undefined;
  await session.query(
    'update stream_position set acknowledged = $4, acknowledged_bytes = $5 where topic = $1 and consumer_group = $2 and partition = $3',
    [topic, group, partition, frame.first - 1, frame.startBytes],
  );
  return frame.first - 1;
}

export async function releasePartitions(
  session: Session,
  topic: string,
  group: string,
  consumerId: string,
  partitions: readonly string[],
): Promise<void> {
  await session.query(
    'update stream_position set holder = null where topic = $1 and consumer_group = $2 and holder = $3 and partition = any($4)',
    [topic, group, consumerId, partitions],
  );
}

export async function leaveGroup(session: Session, topic: string, group: string, consumerId: string): Promise<void> {
  await session.query('delete from stream_consumer where topic = $1 and consumer_group = $2 and id = $3', [topic, group, consumerId]);
  await session.query('update stream_position set holder = null where topic = $1 and consumer_group = $2 and holder = $3', [
    topic,
    group,
    consumerId,
  ]);
}
