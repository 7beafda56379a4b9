/** What happened to the parts of the house in the last hour: who died, came back, took over. Stored in the State, bounded. */
import type { Migration, Queries } from './ports/state.ts';

export const eventKinds = [
  'started',
  'stopped',
  'died',
  'came-back',
  'took-over',
  'not-ready',
  'ready',
  'engine-away',
  'engine-back',
  'scaled',
  'pulled',
] as const;
export type EventKind = (typeof eventKinds)[number];

export interface HouseEvent {
  /** The same for all who notice the same, so that it is stored once. */
  readonly id: string;
  readonly at: number;
  readonly kind: EventKind;
  /** The process, role, lease, engine or group that it is about. */
  readonly subject: string;
  readonly values: Readonly<Record<string, string | number>>;
}

type EventTables = {
  house_event: { id: string; at: number; kind: EventKind; subject: string; details: string };
};

export const eventMigrations: readonly Migration[] = [
  {
    id: 'core-005-house-event',
    async up(queries) {
      await queries.schema
        .createTable('house_event')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('details', 'text', (column) => column.notNull())
        .execute();
      await queries.schema.createIndex('house_event_by_time').on('house_event').columns(['at', 'id']).execute();
    },
  },
];

const keptMs = 60 * 60_000;
const maxKept = 500;
const maxDetailsLength = 1_000;

/** Stores them, and removes what is too old or too many. */
export async function recordEvents(queries: Queries, events: readonly HouseEvent[], now: number): Promise<void> {
  if (events.length === 0) return;
  const tables = queries.withTables<EventTables>();
  const rows = events.map(({ id, at, kind, subject, values }) => {
    const details = JSON.stringify(values);
    return { id, at, kind, subject, details: details.length > maxDetailsLength ? '{}' : details };
  });
  await tables
    .insertInto('house_event')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await tables
    .deleteFrom('house_event')
    .where('at', '<', now - keptMs)
    .execute();
  const [oldest] = await newest(queries, 1, maxKept);
  if (oldest !== undefined) await tables.deleteFrom('house_event').where('at', '<=', oldest.at).execute();
}

/** For what turns out not to have happened. */
export async function forgetEvent(queries: Queries, id: string): Promise<void> {
  await queries.withTables<EventTables>().deleteFrom('house_event').where('id', '=', id).execute();
}

/** Newest first. */
export async function recentEvents(queries: Queries, limit: number): Promise<readonly HouseEvent[]> {
  const rows = await newest(queries, limit, 0);
  return rows.map(({ details, ...row }) => ({ ...row, values: JSON.parse(details) as HouseEvent['values'] }));
}

function newest(queries: Queries, limit: number, offset: number) {
  return queries
    .withTables<EventTables>()
    .selectFrom('house_event')
    .select(['id', 'at', 'kind', 'subject', 'details'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** The event in a sentence. */
export function eventSentence({ kind, subject, values }: Pick<HouseEvent, 'kind' | 'subject' | 'values'>): string {
  const why = values.says === undefined ? '' : `: ${values.says}`;
  switch (kind) {
    case 'started':
      return `${subject} started`;
    case 'stopped':
      return `${subject} stopped in order`;
    case 'died':
      return `${subject} died`;
    case 'came-back':
      return `${subject} came back${values.afterMs === undefined ? '' : ` after ${seconds(values.afterMs)} s`}`;
    case 'took-over':
      return `${values.process} took over ${subject}${values.from === undefined ? '' : ` from ${values.from}`}`;
    case 'not-ready':
      return `${subject} is not ready in ${values.process}${why}`;
    case 'ready':
      return `${subject} is ready again in ${values.process}`;
    case 'engine-away':
      return `${values.process} cannot reach ${subject}${why}`;
    case 'engine-back':
      return `${values.process} reaches ${subject} again`;
    case 'scaled':
      return `${subject} has ${values.to} instances instead of ${values.from}`;
    case 'pulled':
      return `somebody pulled the plug of ${subject} (${values.kind})`;
  }
}

function seconds(ms: string | number): string {
  return (Number(ms) / 1_000).toFixed(1);
}
