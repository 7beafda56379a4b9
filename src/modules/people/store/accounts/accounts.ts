/** Accounts in the State. */
import { sql } from 'kysely';
import type { Account, AccountRole } from '#core/account.ts';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import type { PeopleTables } from '../tables.ts';

/** An account with what only this module knows of it. */
export interface StoredAccount extends Account {
  readonly passwordHash: string;
  readonly locked: boolean;
  readonly createdAt: number;
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly passwordHash: string;
}

/** Undefined when the address has an account already. */
export async function addAccount(queries: Queries, random: Random, account: NewAccount, now: number): Promise<Account | undefined> {
  const { email, name, role, passwordHash } = account;
  const id = random.id();
  const added = await queries
    .withTables<PeopleTables>()
    .insertInto('person')
    .values({ id, email, name, role, password_hash: passwordHash, locked_at: null, created_at: now })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added && { id, email, name, role };
}

export async function findAccountByEmail(queries: Queries, email: string): Promise<StoredAccount | undefined> {
  const row = await queries.withTables<PeopleTables>().selectFrom('person').selectAll().where('email', '=', email).executeTakeFirst();
  return row && storedAccount(row);
}

export async function findAccount(queries: Queries, id: string): Promise<StoredAccount | undefined> {
  const row = await queries.withTables<PeopleTables>().selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
  return row && storedAccount(row);
}

export async function hasAccounts(queries: Queries): Promise<boolean> {
  return (await queries.withTables<PeopleTables>().selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined;
}

const accountCursor = pageCursor('accounts', ['text']);

/** By address. `search` is a part of the address or the name. */
export async function listAccounts(
  queries: Queries,
  { search, limit, after }: PageRequest & { readonly search?: string | undefined },
): Promise<Page<StoredAccount>> {
  let wanted = queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where(isAfter(['email'], 'asc', accountCursor.read(after)));
  if (search !== undefined) {
    const pattern = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    wanted = wanted.where((where) => {
      const like = (column: 'email' | 'name') => sql<boolean>`lower(${where.ref(column)}) like ${pattern} escape '\\'`;
      return where.or([like('email'), like('name')]);
    });
  }
  const rows = await wanted
    .orderBy('email')
    .limit(limit + 1)
    .execute();
  return pageOf(rows.map(storedAccount), limit, ({ email }) => accountCursor.write([email]));
}

export async function setPassword(queries: Queries, id: string, passwordHash: string): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}

export async function setName(queries: Queries, id: string, name: string): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ name }).where('id', '=', id).execute();
}

export async function setRole(queries: Queries, id: string, role: AccountRole): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ role }).where('id', '=', id).execute();
}

/** Null unlocks. */
export async function setLocked(queries: Queries, id: string, lockedAt: number | null): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ locked_at: lockedAt }).where('id', '=', id).execute();
}

function storedAccount(row: PeopleTables['person']): StoredAccount {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    locked: row.locked_at !== null,
    createdAt: row.created_at,
  };
}

/** The addresses among these that belong to admins. */
export async function adminsAmong(queries: Queries, emails: readonly string[]): Promise<ReadonlySet<string>> {
  if (emails.length === 0) return new Set();
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .select('email')
    .where('role', '=', 'admin')
    .where('email', 'in', emails)
    .execute();
  return new Set(rows.map(({ email }) => email));
}
