/** A small schema for both dialects, for testing a State: accounts with money, and transfers between them. */
import { type Kysely, sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

/** A type, not an interface: Kysely needs an implicit index signature. */
export type ExampleTables = {
  readonly example_account: {
    readonly id: string;
    readonly owner: string;
    readonly balance_cents: number;
  };
  readonly example_transfer: {
    readonly request_key: string;
    readonly debit_id: string;
    readonly credit_id: string;
    readonly amount_cents: number;
    readonly note: string | null;
  };
};

export const exampleMigrations: readonly Migration[] = [
  {
    id: 'example-001-accounts',
    async up(queries) {
      await queries.schema
        .createTable('example_account')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('balance_cents', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('example_account_owner_once', ['owner'])
        .addCheckConstraint('example_account_not_overdrawn', sql`balance_cents >= 0`)
        .execute();
    },
  },
  {
    id: 'example-002-transfers',
    async up(queries) {
      await queries.schema
        .createTable('example_transfer')
        .addColumn('request_key', 'text', (column) => column.primaryKey().notNull())
        .addColumn('debit_id', 'text', (column) => column.notNull().references('example_account.id'))
        .addColumn('credit_id', 'text', (column) => column.notNull().references('example_account.id'))
        .addColumn('amount_cents', 'bigint', (column) => column.notNull())
        .addColumn('note', 'text')
        .addCheckConstraint('example_transfer_moves_something', sql`amount_cents > 0`)
        .execute();
    },
  },
];

export function exampleTables(queries: Queries): Kysely<ExampleTables> {
  return queries.withTables<ExampleTables>();
}

export interface ExampleTransfer {
  readonly requestKey: string;
  readonly debitId: string;
  readonly creditId: string;
  readonly amountCents: number;
}

/** Moves money once per request key; the check constraint refuses an overdraft, and the transaction with it. */
export async function transferOnce(queries: Queries, transfer: ExampleTransfer): Promise<'done' | 'repeated'> {
  const tables = exampleTables(queries);
  const inserted = await tables
    .insertInto('example_transfer')
    .values({
      request_key: transfer.requestKey,
      debit_id: transfer.debitId,
      credit_id: transfer.creditId,
      amount_cents: transfer.amountCents,
      note: null,
    })
    .onConflict((conflict) => conflict.column('request_key').doNothing())
    .returning('request_key')
    .executeTakeFirst();
  if (inserted === undefined) return 'repeated';
  // In the order of ids, so that two transfers in opposite directions cannot deadlock.
  const changes = [
    { id: transfer.debitId, cents: -transfer.amountCents },
    { id: transfer.creditId, cents: transfer.amountCents },
  ].sort((one, other) => (one.id < other.id ? -1 : 1));
  for (const change of changes) {
    await tables
      .updateTable('example_account')
      .set((update) => ({ balance_cents: update('balance_cents', '+', change.cents) }))
      .where('id', '=', change.id)
      .execute();
  }
  return 'done';
}

export async function addAccount(queries: Queries, id: string, balanceCents: number): Promise<void> {
  await exampleTables(queries)
    .insertInto('example_account')
    .values({ id, owner: `owner of ${id}`, balance_cents: balanceCents })
    .execute();
}

export async function balances(queries: Queries): Promise<Record<string, number>> {
  const rows = await exampleTables(queries).selectFrom('example_account').select(['id', 'balance_cents']).execute();
  return Object.fromEntries(rows.map((row) => [row.id, row.balance_cents]));
}
