/** What holds between the outbox and the stream: every number that was given out is published, or still waits here. */
import { sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from './laws/law.ts';
import type { PartitionName } from './outbox.ts';
import type { Random } from './ports/random.ts';
import type { Queries } from './ports/state.ts';

/** Partitions looked at beside live traffic. */
const recentPartitions = 200;

export const outboxLaws: readonly Law[] = [
  {
    id: 'outbox-1',
    says: 'Records numbered in the outbox = records published + records that wait: nothing is lost on its way to the stream, and no number is given twice.',
    enforcedBy: 'entries and their numbers are stored in one transaction, and removed only after the stream has them (outbox.ts, relay.ts)',
    check: checkOutbox,
  },
];

/** Numbers `first … first + count − 1` of a frame that waits to be published. */
interface WaitingFrame {
  readonly first: number;
  readonly count: number;
}

/** A partition of which numbers were given out, and its frames that wait, in their order. */
interface Numbered extends PartitionName {
  readonly highest: number;
  readonly waiting: readonly WaitingFrame[];
}

async function checkOutbox({ state, stream, random }: Books, scope: Scope): Promise<Finding> {
  // The outbox first: what is published meanwhile can only bring the stream further.
  const partitions = await state.read(async (queries) => numberedPartitions(queries, await placeToBegin(queries, scope, random), scope));
  const violations: string[] = [];
  let compared = 0;
  for (const partition of partitions) {
    const end = await stream.end(partition.topic, partition.partition);
    if (end !== undefined) compared += 1;
    violations.push(...wrongIn(partition, end));
  }
  return {
    checked: `${partitions.length} partitions, ${compared} of them with where the stream ends`,
    violations: violations.slice(0, maxViolations),
  };
}

/** How many partitions to skip: a bounded audit begins anywhere, so that all have their turn. */
async function placeToBegin(queries: Queries, scope: Scope, random: Random): Promise<number> {
  if (scope === 'all') return 0;
  const { rows } = await sql<{ partitions: number }>`select count(*) as partitions from stream_head`.execute(queries);
  return Math.floor(random.float() * Math.max(1, Number(rows[0]?.partitions ?? 0) - recentPartitions + 1));
}

/** In one statement, so that numbers and what waits are of one moment. */
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

/** `end` is undefined where the stream cannot tell it: then only what waits is compared with itself. */
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
    yield `${name}: records up to ${reached} wait, but only ${highest} were numbered: the next would get numbers that are taken`;
}
