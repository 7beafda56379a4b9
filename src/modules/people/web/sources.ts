/** What the pages for admins around accounts ask for and change. */
import type { Static } from 'typebox';
import type { Moved, NewGrant, Wallet } from '#modules/coins/api/schemas.ts';
import type { AccountChange, AccountForAdmin, Accounts } from '#modules/people/api/schemas.ts';
import { getJson, sendJson } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

const perPage = 50;

export async function loadAccounts(
  search: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<AccountForAdmin, string>> {
  const query = new URLSearchParams({ limit: String(perPage) });
  if (search !== '') query.set('search', search);
  if (after !== undefined) query.set('after', after);
  const { accounts, next } = await getJson<Accounts>(`/api/people/accounts?${query}`, signal);
  return { items: accounts, next };
}

export function changeAccount(id: string, change: AccountChange): Promise<AccountForAdmin> {
  return sendJson('PATCH', `/api/people/accounts/${encodeURIComponent(id)}`, change);
}

export function loadWalletOf(accountId: string, signal: AbortSignal): Promise<Static<typeof Wallet>> {
  return getJson(`/api/coins/accounts/${encodeURIComponent(accountId)}`, signal);
}

export function grantCoins(grant: NewGrant, key: string): Promise<Moved> {
  return sendJson('POST', '/api/coins/grants', grant, { 'idempotency-key': key });
}
