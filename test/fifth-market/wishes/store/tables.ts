/** The table of wishes. */
import type { Kysely } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

type WishesTables = {
  wishes_wish: { id: string; account_id: string; text: string; price: number; made_at: number };
};

export function wishesTables(queries: Queries): Kysely<WishesTables> {
  return queries.withTables<WishesTables>();
}

export const wishesMigrations: readonly Migration[] = [
  {
    id: 'wishes-001-wishes',
    async up(queries) {
      await queries.schema
        .createTable('wishes_wish')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('price', 'bigint', (column) => column.notNull())
        .addColumn('made_at', 'bigint', (column) => column.notNull())
        .execute();
      await queries.schema.createIndex('wishes_wish_by_age').on('wishes_wish').columns(['made_at', 'id']).execute();
    },
  },
];
