/** The face of people for other modules: accounts by number or address. */
import type { Account } from '#core/account.ts';
import type { Queries } from '#core/ports/state.ts';
import { findAccount, findAccountByEmail } from './store/accounts/accounts.ts';

export async function accountById(queries: Queries, id: string): Promise<Account | undefined> {
  return findAccount(queries, id);
}

export async function accountByEmail(queries: Queries, email: string): Promise<Account | undefined> {
  return findAccountByEmail(queries, email);
}
