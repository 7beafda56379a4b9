/** The outbox: records for the Stream are stored in the transaction that causes them, and the relay publishes them. */
import type { Generated } from 'kysely';
import { invariant, KontorError } from './errors.ts';
import type { Migration, Queries } from './ports/state.ts';
import type { Frame } from './ports/stream.ts';
import { dialectOf } from './sql/dialect.ts';

/** Records of one partition, in order, not yet numbered: the relay assigns the sequence numbers. */
export interface OutboxEntry {
  readonly topic: string;
  readonly partition: string;
  readonly count: number;
  /** The records' bytes one after another, at most `maxEntryBytes`: split longer runs between two records. */
  readonly body: Uint8Array;
}

export interface PartitionName {
  readonly topic: string;
  readonly partition: string;
}

/** A partition with waiting entries, and since when. */
export interface WaitingPartition extends PartitionName {
  readonly since: number;
}

export interface FrameLimits {
  readonly maxFrameBytes: number;
  readonly maxFrameEntries: number;
}

export const maxEntryBytes = 64 * 1024;
/** Waiting entries of all topics together; beyond it, `overloaded`. With the size of an entry it bounds the table. */
export const maxWaitingEntries = 10_000;

/** Rows per statement: keeps the number of bound values far below the limit of either dialect. */
const rowsPerInsert = 500;

type OutboxTables = {
  /** `frame_first` is the sequence number of the first record of the entry's frame; null until it is numbered. */
  outbox: {
    id: Generated<number>;
    topic: string;
    partition: string;
    count: number;
    body: Uint8Array;
    frame_first: number | null;
    created_at: number;
  };
  stream_head: { topic: string; partition: string; next_seq: number };
};

export const outboxMigrations: readonly Migration[] = [
  {
    id: 'outbox-001-entries',
    async up(queries) {
      const sqlite = dialectOf(queries) === 'sqlite';
      await queries.schema
        .createTable('outbox')
        .addColumn('id', sqlite ? 'integer' : 'bigint', (column) =>
          sqlite ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
        )
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('partition', 'text', (column) => column.notNull())
        .addColumn('count', 'bigint', (column) => column.notNull())
        .addColumn('body', sqlite ? 'blob' : 'bytea', (column) => column.notNull())
        .addColumn('frame_first', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute();
      // Covers counting and listing, so that they do not read the bodies.
      await queries.schema
        .createIndex('outbox_by_partition')
        .on('outbox')
        .columns(['topic', 'partition', 'frame_first', 'id', 'created_at'])
        .execute();
      await queries.schema
        .createTable('stream_head')
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('partition', 'text', (column) => column.notNull())
        .addColumn('next_seq', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('stream_head_key', ['topic', 'partition'])
        .execute();
    },
  },
];

/**
 * Stores the entries in the caller's transaction: they reach the stream if and only if it commits. Entries of one partition
 * keep their order within a call, and between calls when one committed before the other began.
 */
export async function appendToOutbox(queries: Queries, entries: readonly OutboxEntry[], now: number): Promise<void> {
  for (const entry of entries) {
    invariant(
      Number.isInteger(entry.count) && entry.count > 0 && entry.body.length > 0,
      `an outbox entry of ${entry.topic}/${entry.partition} has no records`,
    );
    invariant(entry.body.length <= maxEntryBytes, `an outbox entry of ${entry.body.length} bytes: at most ${maxEntryBytes} are allowed`);
  }
  // Both statements are sent together; a refusal rolls the entries back with the transaction.
  const [waiting] = await Promise.all([waitingEntries(queries), insertEntries(queries, entries, now)]);
  if (waiting + entries.length > maxWaitingEntries) {
    throw new KontorError(
      'overloaded',
      `${waiting} entries already wait in the outbox, of at most ${maxWaitingEntries}; try again when the relay has caught up`,
    );
  }
}

async function insertEntries(queries: Queries, entries: readonly OutboxEntry[], now: number): Promise<void> {
  const tables = queries.withTables<OutboxTables>();
  for (let start = 0; start < entries.length; start += rowsPerInsert) {
    const rows = entries
      .slice(start, start + rowsPerInsert)
      .map(({ topic, partition, count, body }) => ({ topic, partition, count, body, created_at: now }));
    await tables.insertInto('outbox').values(rows).execute();
  }
}

/** The number of waiting entries, counted up to `maxWaitingEntries + 1`. */
export async function waitingEntries(queries: Queries): Promise<number> {
  const { waiting } = await queries
    .withTables<OutboxTables>()
    .selectFrom((from) =>
      from
        .selectFrom('outbox')
        .select('id')
        .limit(maxWaitingEntries + 1)
        .as('few'),
    )
    .select((select) => select.fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  return Number(waiting);
}

/** Partitions with waiting entries, longest waiting first. */
export async function waitingPartitions(queries: Queries, limit: number): Promise<readonly WaitingPartition[]> {
  return queries
    .withTables<OutboxTables>()
    .selectFrom('outbox')
    .select((select) => ['topic', 'partition', select.fn.min<number>('created_at').as('since')])
    .groupBy(['topic', 'partition'])
    .orderBy((select) => select.fn.min('id'))
    .limit(limit)
    .execute();
}

/**
 * Returns the partition's next frame to publish: the one numbered before, if its entries are still stored, else the oldest entries
 * joined and numbered now. The frame of each entry is stored, so that after a crash the same frame is published again and the
 * stream recognises the duplicate. `streamEnd` is the stream's end, if the stream can report it.
 */
export async function takeFrame(
  queries: Queries,
  { topic, partition }: PartitionName,
  streamEnd: number | undefined,
  limits: FrameLimits,
): Promise<Frame | undefined> {
  const tables = queries.withTables<OutboxTables>();
  const ofPartition = tables.selectFrom('outbox').where('topic', '=', topic).where('partition', '=', partition);
  const numbered = await ofPartition
    .where('frame_first', 'is not', null)
    .select((select) => select.fn.min<number | null>('frame_first').as('first'))
    .executeTakeFirst();
  if (numbered && numbered.first !== null) return loadFrame(queries, topic, partition, numbered.first);

  if (!(await ofPartition.select('id').limit(1).executeTakeFirst())) return undefined;
  // This locks the head: of two relays, one waits here and then sees what the other numbered.
  const nextSeq = await raiseHead(queries, { topic, partition }, streamEnd ?? 0);
  const waiting = await ofPartition
    .where('frame_first', 'is', null)
    // Sizes first: reading all waiting bodies would read megabytes for a frame of kilobytes.
    .select((select) => ['id', 'count', select.fn<number>('length', ['body']).as('bytes')])
    .orderBy('id')
    .limit(limits.maxFrameEntries)
    .execute();
  const entries = fitting(waiting, limits.maxFrameBytes);
  if (entries.length === 0) return undefined;

  const first = nextSeq;
  const ids = entries.map((entry) => entry.id);
  const records = entries.reduce((sum, entry) => sum + entry.count, 0);
  await tables.updateTable('outbox').set({ frame_first: first }).where('id', 'in', ids).execute();
  await tables
    .updateTable('stream_head')
    .set({ next_seq: first + records })
    .where('topic', '=', topic)
    .where('partition', '=', partition)
    .execute();
  return loadFrame(queries, topic, partition, first);
}

/**
 * Records that the partition ends at `end` or later, and returns the next sequence number. For the relay, and for publishers on a
 * stream that cannot report its end.
 */
export async function raiseHead(queries: Queries, { topic, partition }: PartitionName, end: number): Promise<number> {
  const head = await queries
    .withTables<OutboxTables>()
    .insertInto('stream_head')
    .values({ topic, partition, next_seq: end + 1 })
    .onConflict((conflict) =>
      // The stream may be ahead of a State restored from a backup: its numbers are not assigned again.
      conflict.columns(['topic', 'partition']).doUpdateSet((update) => ({
        next_seq: update
          .case()
          .when('stream_head.next_seq', '<', update.ref('excluded.next_seq'))
          .then(update.ref('excluded.next_seq'))
          .else(update.ref('stream_head.next_seq'))
          .end(),
      })),
    )
    .returning('next_seq')
    .executeTakeFirstOrThrow();
  return head.next_seq;
}

/** The recorded ends of the topic's partitions. */
export async function notedEnds(queries: Queries, topic: string): Promise<ReadonlyMap<string, number>> {
  const heads = await queries
    .withTables<OutboxTables>()
    .selectFrom('stream_head')
    .select(['partition', 'next_seq'])
    .where('topic', '=', topic)
    .execute();
  return new Map(heads.map(({ partition, next_seq }) => [partition, next_seq - 1]));
}

/** Removes a frame that the stream has made durable. */
export async function removeFrame(queries: Queries, { topic, partition }: PartitionName, first: number): Promise<void> {
  // By frame, not by id: a relay that lost its lease cannot remove entries that it did not publish.
  await queries
    .withTables<OutboxTables>()
    .deleteFrom('outbox')
    .where('topic', '=', topic)
    .where('partition', '=', partition)
    .where('frame_first', '=', first)
    .execute();
}

async function loadFrame(queries: Queries, topic: string, partition: string, first: number): Promise<Frame> {
  const entries = await queries
    .withTables<OutboxTables>()
    .selectFrom('outbox')
    .select(['count', 'body'])
    .where('topic', '=', topic)
    .where('partition', '=', partition)
    .where('frame_first', '=', first)
    .orderBy('id')
    .execute();
  return { first, count: entries.reduce((sum, entry) => sum + entry.count, 0), body: joined(entries.map((entry) => entry.body)) };
}

/** The longest run from the oldest entry that fits; the oldest entry always does. */
function fitting<Entry extends { readonly bytes: number }>(entries: readonly Entry[], maxBytes: number): readonly Entry[] {
  let bytes = 0;
  const beyond = entries.findIndex((entry, index) => {
    bytes += entry.bytes;
    return index > 0 && bytes > maxBytes;
  });
  return beyond === -1 ? entries : entries.slice(0, beyond);
}

function joined(bodies: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, 0));
  let offset = 0;
  for (const body of bodies) {
    whole.set(body, offset);
    offset += body.length;
  }
  return whole;
}
