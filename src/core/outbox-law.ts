/** The law between the outbox and the stream: every number assigned is published or still waiting. */
import { sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from './laws/law.ts';
import type { PartitionName } from './outbox.ts';
import type { Random } from './ports/random.ts';
import type { Queries } from './ports/state.ts';

/** Partitions that a check with the scope `recent` reads. */
const recentPartitions = 200;

export const outboxLaws: readonly Law[] = [
  {
    id: 'outbox-1',
    says: 'Records numbered in the outbox = records published + records waiting: nothing is lost on the way to the stream, and no number is assigned twice.',
    enforcedBy: 'entries and their numbers are stored in one transaction, and removed only after the stream has them (outbox.ts, relay.ts)',
    check: checkOutbox,
  },
];

/** A frame that waits to be published: the numbers `first … first + count − 1`. */
interface WaitingFrame {
  readonly first: number;
  readonly count: number;
}

/** A partition with its highest number assigned, and its waiting frames in order. */
interface Numbered extends PartitionName {
  readonly highest: number;
  readonly waiting: readonly WaitingFrame[];
}

async function checkOutbox({ state, stream, random }: Books, scope: Scope): Promise<Finding> {
  // The outbox is read first: records published in between can only move the stream's end forward.
  const partitions = await state.read(async (queries) => numberedPartitions(queries, await placeToBegin(queries, scope, random), scope));
  const violations: string[] = [];
  let compared = 0;
  for (const partition of partitions) {
    const end = await stream.end(partition.topic, partition.partition);
    if (end !== undefined) compared += 1;
    violations.push(...wrongIn(partition, end));
  }
  return {
    checked: `${partitions.length} partitions, ${compared} of them against the stream's end`,
    violations: violations.slice(0, maxViolations),
  };
}

/** How many partitions to skip: a bounded audit starts at a random place, so that it covers all of them over time. */
async function placeToBegin(queries: Queries, scope: Scope, random: Random): Promise<number> {
  if (scope === 'all') return 0;
  const { rows } = await sql<{ partitions: number }>`select count(*) as partitions from stream_head`.execute(queries);
  return Math.floor(random.float() * Math.max(1, Number(rows[0]?.partitions ?? 0) - recentPartitions + 1));
}

/** One statement, so that numbers and waiting entries are from the same moment. */
async function numberedPartitions(queries: Queries, skipped: number, scope: Scope): Promise<readonly Numbered[]> {
  const some =
    scope === 'all'
      ? sql`stream_head`
      : sql`(select * from stream_head order by topic, partition limit ${sql.lit(recentPartitions)} offset ${skipped})`;
  const { rows } = await sql<PartitionName & { highest: number; first: number | null; count: number | null }>`
    select head.topic, head.partition, head.next_seq - 1 as highest, entry.frame_first as first, sum(entry.count) as count
    from ${some} head left join outbox entry
      on entry.topic = head.topic and entry.partition = head.partition and entry.frame_first is not null
    group by head.topic, head.partition, head.next_seq, entry.frame_first
    order by head.topic, head.partition, entry.frame_first`.execute(queries);
  return [...Map.groupBy(rows, ({ topic, partition }) => `${topic}/${partition}`).values()].flatMap((its) =>
    its.slice(0, 1).map(({ topic, partition, highest }) => ({
      topic,
      partition,
      highest: Number(highest),
      waiting: its.flatMap(({ first, count }) => (first === null ? [] : [{ first: Number(first), count: Number(count) }])),
    })),
  );
}

/** When the stream cannot report its `end`, only the waiting frames are compared with each other and with the numbers. */
function* wrongIn({ topic, partition, highest, waiting }: Numbered, end: number | undefined): Generator<string> {
  const name = `${topic}/${partition}`;
  let reached = end;
  for (const { first, count } of waiting) {
    const last = first + count - 1;
    if (reached !== undefined && first > reached + 1)
      yield `${name}: the records ${reached + 1} to ${first - 1} are neither published nor waiting`;
    reached = Math.max(reached ?? 0, last);
  }
  if (reached === undefined) return;
  if (end !== undefined && reached < highest) yield `${name}: the records ${reached + 1} to ${highest} are neither published nor waiting`;
  if (reached > Math.max(highest, end ?? 0))
    yield `${name}: records up to ${reached} wait, but only ${highest} were numbered: the next records would get numbers already in use`;
}
