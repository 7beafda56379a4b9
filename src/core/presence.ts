/**
 * Presences: what each running process tells of itself, a row each in the State. A process renews its row every few seconds; a
 * row that is not renewed is removed by the first other process that notices, on its own monotonic clock.
 */
import type { Migration, Queries } from './ports/state.ts';

export interface PresentRole {
  readonly role: string;
  readonly ready: boolean;
  readonly says: string;
}

/** What a process does of one kind, counted since its start. */
export interface Pulse {
  /** Such as `trades`. */
  readonly name: string;
  readonly module: string;
  readonly total: number;
  readonly perSecond: number;
}

interface Present {
  /** Its name in a cluster; otherwise its host and number. */
  readonly name: string;
  readonly pid: number;
  readonly host: string;
  readonly version: string;
  readonly startedAt: number;
  readonly memoryBytes: number;
  readonly cores: number;
  readonly roles: readonly PresentRole[];
  readonly pulses: readonly Pulse[];
  /** The ports whose engines this process does not reach. */
  readonly away: readonly string[];
  /** Partitions of the stream in which it is active, such as `stocks-aggregator trades MSFT`. */
  readonly partitions: readonly string[];
}

export interface Presence extends Present {
  /** The id of its Holder. */
  readonly holder: string;
  readonly beat: number;
  /** When it was written, by the writer's clock. */
  readonly at: number;
}

type PresenceTables = {
  presence: { holder: string; beat: number; at: number; about: string };
};

export const presenceMigrations: readonly Migration[] = [
  {
    id: 'core-004-presence',
    async up(queries) {
      await queries.schema
        .createTable('presence')
        .addColumn('holder', 'text', (column) => column.primaryKey())
        .addColumn('beat', 'bigint', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('about', 'text', (column) => column.notNull())
        .execute();
    },
  },
];

/** More processes than a house has; further rows are not shown. */
const maxShown = 500;

/** Writes the row; false when there was none, which was made then. */
export async function storePresence(queries: Queries, { holder, beat, at, ...about }: Presence): Promise<boolean> {
  const tables = queries.withTables<PresenceTables>();
  const row = { beat, at, about: JSON.stringify(about) };
  const { numUpdatedRows } = await tables.updateTable('presence').set(row).where('holder', '=', holder).executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  await tables
    .insertInto('presence')
    .values({ holder, ...row })
    .execute();
  return false;
}

export async function presences(queries: Queries): Promise<readonly Presence[]> {
  const rows = await queries.withTables<PresenceTables>().selectFrom('presence').selectAll().orderBy('holder').limit(maxShown).execute();
  return rows.map(({ about, ...row }) => ({ ...row, ...(JSON.parse(about) as Present) }));
}

/** What others need to know of a process to notice its death. */
export type Seen = Pick<Presence, 'holder' | 'beat' | 'name'>;

/**
 * The processes that a process watches: so many that follow it in the order of their holders, and after the last the first. Each is
 * watched by as many others, and what all together read grows with their number, not with its square.
 */
export async function presencesAfter(queries: Queries, holder: string, limit: number): Promise<readonly Seen[]> {
  const rows = (after: '>' | '<', most: number) =>
    queries
      .withTables<PresenceTables>()
      .selectFrom('presence')
      .selectAll()
      .where('holder', after, holder)
      .orderBy('holder')
      .limit(most)
      .execute();
  const following = await rows('>', limit);
  const first = following.length < limit ? await rows('<', limit - following.length) : [];
  return [...following, ...first].map(seen);
}

/** Those among these that are there. */
export async function presencesOf(queries: Queries, holders: readonly string[]): Promise<readonly Seen[]> {
  if (holders.length === 0) return [];
  const rows = await queries.withTables<PresenceTables>().selectFrom('presence').selectAll().where('holder', 'in', holders).execute();
  return rows.map(seen);
}

function seen({ holder, beat, about }: PresenceTables['presence']): Seen {
  return { holder, beat, name: (JSON.parse(about) as Present).name };
}

/** True for one of those who remove it: only while it was not renewed since `beat`. */
export async function removePresence(queries: Queries, { holder, beat }: Pick<Presence, 'holder' | 'beat'>): Promise<boolean> {
  const { numDeletedRows } = await queries
    .withTables<PresenceTables>()
    .deleteFrom('presence')
    .where('holder', '=', holder)
    .where('beat', '<=', beat)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** The holder of the leases of a role's run: the process, the role, and the number of the run there. */
export function roleHolderId(processId: string, role: string, run: number): string {
  return `${roleHolderPrefix(processId, role)}${run}`;
}

/** How the holders of all runs of a role in a process begin. */
export function roleHolderPrefix(processId: string, role: string): string {
  return `${processId}/${role}.`;
}

/** The process in the holder of a lease. */
export function processOf(holder: string): string {
  return holder.split('/', 1)[0] ?? holder;
}
