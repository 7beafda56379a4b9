/** The face of people for other modules: accounts by number, address or name. */
import type { Account } from '#core/account.ts';
import type { Queries } from '#core/ports/state.ts';
import { closedOf, findAccount, findAccountByEmail, lockedOf, namesOfAccounts } from './store/accounts/accounts.ts';
import { findAccountIds } from './store/accounts/search.ts';

/** Undefined for a closed account: nobody is there to be paid or written to. */
export async function accountById(queries: Queries, id: string): Promise<Account | undefined> {
  const account = await findAccount(queries, id);
  return account?.closed ? undefined : account;
}

export async function accountByEmail(queries: Queries, email: string): Promise<Account | undefined> {
  return findAccountByEmail(queries, email);
}

/** Which of these accounts are locked. */
export async function lockedAmong(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return lockedOf(queries, ids);
}

/** Which of these accounts are closed. */
export async function closedAmong(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return closedOf(queries, ids);
}

/** The names of accounts, in one query for a whole page. A closed account has none, nor has a role of the house. */
export async function namesOf(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return namesOfAccounts(queries, ids);
}

/** The ids of a bounded number of accounts whose address, name or last name begins with the text. */
export async function accountsNamed(queries: Queries, text: string): Promise<readonly string[]> {
  return (await findAccountIds(queries, text)).ids;
}
