/** The ledger's tables, and the triggers that make its entries final. */
import { type ColumnDefinitionBuilder, type Generated, type RawBuilder, sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';

const accountModes = ['strict', 'rollup'] as const;
/**
 * `strict`: locked while coins move, and never below its floor. `rollup`: for the house's own accounts that everybody pays to. No
 * row of it is touched when coins move; its balance is `posted` plus the tail.
 */
export type AccountMode = (typeof accountModes)[number];

export const transferKinds = ['transfer', 'grant', 'faucet', 'purchase', 'capture', 'refund'] as const;
export type TransferKind = (typeof transferKinds)[number];

const requestKinds = [...transferKinds, 'hold'] as const;
export type RequestKind = (typeof requestKinds)[number];

const holdStates = ['open', 'captured', 'voided', 'expired'] as const;
export type HoldState = (typeof holdStates)[number];

export type CoinsTables = {
  coins_account: {
    id: string;
    owner: string;
    kind: string;
    mode: AccountMode;
    /** Coins in it. Of a rollup: those that were folded in. */
    posted: number;
    /** Coins of these that are held for payees. */
    held: number;
    floor: number;
    /** How many transfers it took part in, and the last of them; a rollup keeps neither. */
    entries: number;
    last_transfer: number | null;
  };
  /** All that was ever asked for, each with what came of it: a transfer, a hold, or the refusal of either. */
  coins_request: {
    id: number;
    scope: string;
    key: string;
    requested_at: number;
    kind: RequestKind;
    /** The account that pays, or of which coins are held. */
    debit: string;
    credit: string;
    amount: number;
    /** The hold that a capture takes from, or the transfer that a refund takes back. */
    of_id: number | null;
    memo: string;
    /** 1 when it was not there to be paid: nothing moved, and nothing will. */
    refused: 0 | 1;
    /**
     * Of a transfer: the number of this entry in the account's statement, the balance after it, and the transfer before it; null for a
     * rollup. Statements follow these from one to the next: an index by account would cost a page written for every entry.
     */
    debit_entry: number | null;
    debit_balance: number | null;
    debit_previous: number | null;
    credit_entry: number | null;
    credit_balance: number | null;
    credit_previous: number | null;
  };
  /** A view: the requests that moved coins. */
  coins_transfer: Omit<CoinsTables['coins_request'], 'kind' | 'refused'> & { kind: TransferKind };
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
  /** What moved a rollup since it was last folded: a row for each call, not for each transfer. */
  coins_tail: { id: Generated<number>; account: string; amount: number };
};

export const coinsMigrations: readonly Migration[] = [
  {
    id: 'coins-002-ledger-of-requests',
    async up(queries) {
      await refuseOlderLedger(queries);
      await createAccounts(queries);
      await createRequests(queries);
      await createHolds(queries);
      await makeFinal(queries, 'coins_request');
      await queries
        .withTables<CoinsTables>()
        .insertInto('coins_account')
        .values([
          houseAccount('house', 'mint'),
          houseAccount('house', 'fees'),
          houseAccount('house', 'escrow'),
          houseAccount('revenue', 'shop'),
        ])
        .execute();
    },
  },
];

/** Before its first release the ledger had other tables, whose coins nobody needs. */
async function refuseOlderLedger(queries: Queries): Promise<void> {
  const tables = await queries.introspection.getTables();
  if (!tables.some(({ name }) => name === 'coins_account')) return;
  throw new KontorError(
    'storage_damaged',
    'These books were begun before the first release, with another ledger: use another DATA_DIR (or database), or remove them',
  );
}

function houseAccount(kind: string, owner: string) {
  return { id: `${kind}:${owner}`, owner, kind, mode: 'rollup' as const, posted: 0, held: 0, floor: 0, entries: 0, last_transfer: null };
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

/** Rows are added at the end; but for the request's name, nothing is sorted in among what is there. */
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

/** What was written down stays: whoever wants to correct it adds a transfer the other way. */
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

/** One comparison after the other: for `in` and a list, SQLite would build a table to look in for every row. */
function oneOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return sql.join(
    values.map((value) => sql`${sql.ref(column)} = ${sql.lit(value)}`),
    sql` or `,
  );
}

/** What SQLite calls an integer key is the row's own place: such rows are added at the end. */
function idType(queries: Queries): 'integer' | 'bigint' {
  return dialectOf(queries) === 'sqlite' ? 'integer' : 'bigint';
}

function newId(queries: Queries): ['integer' | 'bigint', (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder] {
  return [
    idType(queries),
    (column) => (dialectOf(queries) === 'sqlite' ? column.primaryKey() : column.primaryKey().generatedByDefaultAsIdentity()),
  ];
}
