/** The ledger's tables, and the triggers that make its entries final. */
import { type ColumnDefinitionBuilder, type Generated, type Kysely, type RawBuilder, sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type AccountMode, accountModes } from '../domain/accounts.ts';
import { type HoldState, holdStates, requestKinds, type StoredRequest, type TransferKind } from '../domain/requests.ts';

export type CoinsTables = {
  coins_account: {
    id: string;
    owner: string;
    kind: string;
    mode: AccountMode;
    /** Coins in it; of a rollup, without those in the tail. */
    posted: number;
    /** Coins of these that are held for payees. */
    held: number;
    floor: number;
    /** The number of its transfers, and the last of them; a rollup keeps neither. */
    entries: number;
    last_transfer: number | null;
  };
  /** Every request, with its result: a transfer, a hold, or the refusal of either. */
  coins_request: StoredRequest;
  /** A view: the requests that moved coins. */
  coins_transfer: Omit<StoredRequest, 'kind' | 'refused'> & { kind: TransferKind };
  coins_hold: {
    /** Of its request. */
    id: number;
    payer: string;
    payee: string;
    amount: number;
    captured: number;
    refunded: number;
    state: HoldState;
    memo: string;
    placed_at: number;
    expires_at: number;
  };
  /** What rollups gained or lost since they were last folded: a row for each call, not for each transfer. */
  coins_tail: { id: Generated<number>; account: string; amount: number };
};

export function coinsTables(queries: Queries): Kysely<CoinsTables> {
  return queries.withTables<CoinsTables>();
}

export const coinsMigrations: readonly Migration[] = [
  {
    id: 'coins-002-ledger-of-requests',
    async up(queries) {
      await refuseOlderLedger(queries);
      await createAccounts(queries);
      await createRequests(queries);
      await createHolds(queries);
      await makeFinal(queries, 'coins_request');
      await coinsTables(queries).insertInto('coins_account').values(['mint', 'fees', 'escrow'].map(houseAccount)).execute();
    },
  },
];

/** Before the first release the ledger had other tables; they are not converted. */
async function refuseOlderLedger(queries: Queries): Promise<void> {
  const tables = await queries.introspection.getTables();
  if (!tables.some(({ name }) => name === 'coins_account')) return;
  throw new KontorError(
    'storage_damaged',
    'These books were begun before the first release, with another ledger: use another DATA_DIR (or database), or remove them',
  );
}

function houseAccount(owner: string) {
  const id = `house:${owner}`;
  return { id, owner, kind: 'house', mode: 'rollup' as const, posted: 0, held: 0, floor: 0, entries: 0, last_transfer: null };
}

async function createAccounts(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('coins_account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull().check(oneOf('mode', accountModes)))
    .addColumn('posted', 'bigint', (column) => column.notNull())
    .addColumn('held', 'bigint', (column) => column.notNull())
    .addColumn('floor', 'bigint', (column) => column.notNull())
    .addColumn('entries', 'bigint', (column) => column.notNull())
    .addColumn('last_transfer', 'bigint')
    .addUniqueConstraint('coins_account_owner', ['owner', 'kind'])
    .addCheckConstraint('coins_account_held', sql`held >= 0`)
    .addCheckConstraint('coins_account_floor', sql`mode = 'rollup' or posted - held >= floor`)
    // Room on each page for the new versions of its rows, which then need no new index entries.
    .modifyEnd(dialectOf(queries) === 'postgres' ? sql`with (fillfactor = 50)` : sql`without rowid`)
    .execute();
  // The few rollups among the many wallets.
  await queries.schema
    .createIndex('coins_account_rollup')
    .on('coins_account')
    .column('id')
    .where(sql.ref('mode'), '=', sql.lit('rollup'))
    .execute();
  await queries.schema
    .createTable('coins_tail')
    .addColumn('id', ...newId(queries))
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('amount', 'bigint', (column) => column.notNull())
    .execute();
}

/** Rows are added at the end; only the index of names is written elsewhere. */
async function createRequests(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('coins_request')
    .addColumn('id', ...newId(queries))
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull().check(oneOf('kind', requestKinds)))
    .addColumn('debit', 'text', (column) => column.notNull())
    .addColumn('credit', 'text', (column) => column.notNull())
    .addColumn('amount', 'bigint', (column) => column.notNull())
    .addColumn('of_id', 'bigint')
    .addColumn('memo', 'text', (column) => column.notNull())
    .addColumn('refused', 'integer', (column) => column.notNull().check(sql`refused in (0, 1)`))
    .addColumn('debit_entry', 'bigint')
    .addColumn('debit_balance', 'bigint')
    .addColumn('debit_previous', 'bigint')
    .addColumn('credit_entry', 'bigint')
    .addColumn('credit_balance', 'bigint')
    .addColumn('credit_previous', 'bigint')
    .addCheckConstraint('coins_request_amount', sql`amount > 0`)
    .addCheckConstraint('coins_request_two_accounts', sql`debit <> credit`)
    .execute();
  await queries.schema.createIndex('coins_request_name').unique().on('coins_request').columns(['scope', 'key']).execute();
  await queries.schema
    .createIndex('coins_request_of')
    .on('coins_request')
    .columns(['of_id'])
    .where(sql.ref('of_id'), 'is not', null)
    .execute();
  await sql`create view coins_transfer as select * from coins_request where refused = 0 and kind <> 'hold'`.execute(queries);
}

async function createHolds(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('coins_hold')
    .addColumn('id', idType(queries), (column) => column.primaryKey())
    .addColumn('payer', 'text', (column) => column.notNull())
    .addColumn('payee', 'text', (column) => column.notNull())
    .addColumn('amount', 'bigint', (column) => column.notNull())
    .addColumn('captured', 'bigint', (column) => column.notNull())
    .addColumn('refunded', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull().check(oneOf('state', holdStates)))
    .addColumn('memo', 'text', (column) => column.notNull())
    .addColumn('placed_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addCheckConstraint('coins_hold_two_accounts', sql`payer <> payee`)
    .addCheckConstraint(
      'coins_hold_amounts',
      sql`amount > 0 and captured between 0 and amount and refunded between 0 and captured and (state = 'captured') = (captured > 0)`,
    )
    .execute();
  for (const [name, columns] of [
    ['coins_hold_open', ['expires_at']],
    ['coins_hold_payer', ['payer', 'placed_at']],
  ] as const) {
    await queries.schema
      .createIndex(name)
      .on('coins_hold')
      .columns([...columns])
      .where(sql.ref('state'), '=', sql.lit('open'))
      .execute();
  }
}

/** Rows are final: a correction is a transfer the other way. */
async function makeFinal(queries: Queries, table: string): Promise<void> {
  const says = `${table} is final: rows are neither changed nor removed, a correction is a transfer the other way`;
  if (dialectOf(queries) === 'sqlite') {
    for (const change of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
        begin select raise(abort, ${sql.lit(says)}); end`.execute(queries);
    }
    return;
  }
  await sql`create function ${sql.ref(`${table}_is_final`)}() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception '${says}' using errcode = 'integrity_constraint_violation'; end`)}`.execute(queries);
  await sql`create trigger ${sql.ref(`${table}_final`)} before update or delete or truncate on ${sql.table(table)}
    for each statement execute function ${sql.ref(`${table}_is_final`)}()`.execute(queries);
}

/** One comparison after another: for `in` with a list, SQLite would build a lookup table for every row. */
function oneOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return sql.join(
    values.map((value) => sql`${sql.ref(column)} = ${sql.lit(value)}`),
    sql` or `,
  );
}

/** In SQLite an integer key is the row's own place: such rows are added at the end. */
function idType(queries: Queries): 'integer' | 'bigint' {
  return dialectOf(queries) === 'sqlite' ? 'integer' : 'bigint';
}

function newId(queries: Queries): ['integer' | 'bigint', (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder] {
  return [
    idType(queries),
    (column) => (dialectOf(queries) === 'sqlite' ? column.primaryKey() : column.primaryKey().generatedByDefaultAsIdentity()),
  ];
}
