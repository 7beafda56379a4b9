/** The face of people for other modules: who has an account. */
import type { Account } from '#core/account.ts';
import type { Queries } from '#core/ports/state.ts';
import { findAccount, findAccountByEmail } from './store/accounts/accounts.ts';

/** Undefined where nobody has an account of this id. */
export async function accountById(queries: Queries, id: string): Promise<Account | undefined> {
  return findAccount(queries, id);
}

/** Undefined where nobody has an account with this address. */
export async function accountByEmail(queries: Queries, email: string): Promise<Account | undefined> {
  return findAccountByEmail(queries, email);
}
