/** The table of the overview: the pulls, the newest of which are kept. */
import type { PullKind } from '#core/plugs.ts';
import type { Migration } from '#core/ports/state.ts';
import type { PullState } from '../domain/pull.ts';

export type OverviewTables = {
  overview_pull: {
    id: string;
    kind: PullKind;
    target: string;
    state: PullState;
    /** 1 while it is under way, else null: unique, so that there is one at a time. */
    slot: 1 | null;
    asked_at: number;
    pulled_at: number | null;
    noticed_at: number | null;
    taken_over_at: number | null;
    ready_at: number | null;
    recovered_at: number | null;
    audited_at: number | null;
    /** What it held when it was pulled, as JSON. */
    held: string;
    /** The laws as the audit found them, as JSON; null before it. */
    laws: string | null;
    why: string | null;
  };
};

export const overviewMigrations: readonly Migration[] = [
  {
    id: 'overview-001-pull',
    async up(queries) {
      await queries.schema
        .createTable('overview_pull')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('slot', 'integer', (column) => column.unique())
        .addColumn('asked_at', 'bigint', (column) => column.notNull())
        .addColumn('pulled_at', 'bigint')
        .addColumn('noticed_at', 'bigint')
        .addColumn('taken_over_at', 'bigint')
        .addColumn('ready_at', 'bigint')
        .addColumn('recovered_at', 'bigint')
        .addColumn('audited_at', 'bigint')
        .addColumn('held', 'text', (column) => column.notNull())
        .addColumn('laws', 'text')
        .addColumn('why', 'text')
        .execute();
      await queries.schema.createIndex('overview_pull_by_time').on('overview_pull').columns(['asked_at', 'id']).execute();
    },
  },
];
