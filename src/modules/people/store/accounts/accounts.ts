/** Accounts in the State. */
import type { Account, AccountRole } from '#core/account.ts';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import type { PeopleTables } from '../tables.ts';
import { type FoundAccounts, findAccountIds } from './search.ts';

/** An account with what only this module knows of it. */
export interface StoredAccount extends Account {
  readonly passwordHash: string;
  readonly locked: boolean;
  /** By its owner, for good: nothing of the person is left but the id. */
  readonly closed: boolean;
  readonly createdAt: number;
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly passwordHash: string;
}

/** The address of a closed account: what tells that it is closed. Nobody can open an account with it, since ids are not used again. */
export function closedEmail(id: string): string {
  return `closed-${id}@account.invalid`;
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

/** By address. `search` is what the address, the name or the last name begins with. */
export async function listAccounts(
  queries: Queries,
  { search, limit, after }: PageRequest & { readonly search?: string | undefined },
): Promise<Page<StoredAccount> & Pick<FoundAccounts, 'cut'>> {
  let wanted = queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where(isAfter(['email'], 'asc', accountCursor.read(after)));
  const found = search === undefined ? undefined : await findAccountIds(queries, search);
  if (found !== undefined) wanted = wanted.where(isAmong(queries, 'id', found.ids));
  const rows = await wanted
    .orderBy('email')
    .limit(limit + 1)
    .execute();
  const page = pageOf(rows.map(storedAccount), limit, ({ email }) => accountCursor.write([email]));
  return { items: page.items, next: page.next, cut: found?.cut ?? false };
}

/** Of those there are and that are not closed. */
export async function namesOfAccounts(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .select(['id', 'name', 'email'])
    .where(isAmong(queries, 'id', [...new Set(ids)]))
    .execute();
  return new Map(rows.filter(({ id, email }) => email !== closedEmail(id)).map(({ id, name }) => [id, name]));
}

/** The closed ones among these. */
export async function closedOf(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .select('id')
    .where(isAmong(queries, 'email', ids.map(closedEmail)))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

export async function setPassword(queries: Queries, id: string, passwordHash: string): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}

export async function setName(queries: Queries, id: string, name: string): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ name }).where('id', '=', id).execute();
}

export async function setEmail(queries: Queries, id: string, email: string): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ email }).where('id', '=', id).execute();
}

export async function setRole(queries: Queries, id: string, role: AccountRole): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ role }).where('id', '=', id).execute();
}

/** Null unlocks. */
export async function setLocked(queries: Queries, id: string, lockedAt: number | null): Promise<void> {
  await queries.withTables<PeopleTables>().updateTable('person').set({ locked_at: lockedAt }).where('id', '=', id).execute();
}

/** The locked ones among these. */
export async function lockedOf(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('person')
    .select('id')
    .where(isAmong(queries, 'id', ids))
    .where('locked_at', 'is not', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function storedAccount(row: PeopleTables['person']): StoredAccount {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    locked: row.locked_at !== null,
    closed: row.email === closedEmail(row.id),
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
