/** How far the replay of each file has come: stored with the trades, so that none is put on the tape twice. */
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';

type ReplayTables = {
  stocks_replay: { id: string; total: number; done: number; started_at: number; changed_at: number };
};

export const replayMigrations: readonly Migration[] = [
  {
    id: 'stocks-102-replay',
    async up(queries) {
      await queries.schema
        .createTable('stocks_replay')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('total', 'bigint', (column) => column.notNull())
        .addColumn('done', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

/** Takes note of the file if it is new; resolves how many of its trades are on the tape already. */
export async function beginReplay(queries: Queries, id: string, total: number, now: number): Promise<number> {
  const tables = queries.withTables<ReplayTables>();
  await tables
    .insertInto('stocks_replay')
    .values({ id, total, done: 0, started_at: now, changed_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return doneOf(queries, id);
}

export async function doneOf(queries: Queries, id: string): Promise<number> {
  const { done } = await queries
    .withTables<ReplayTables>()
    .selectFrom('stocks_replay')
    .select('done')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return done;
}

/** Moves on from what was read as done; fails when another replay of the same file moved on in between. */
export async function advanceReplay(queries: Queries, id: string, from: number, to: number, now: number): Promise<void> {
  const { numUpdatedRows } = await queries
    .withTables<ReplayTables>()
    .updateTable('stocks_replay')
    .set({ done: to, changed_at: now })
    .where('id', '=', id)
    .where('done', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new KontorError('overloaded', 'Another replay of the same file is running');
}
