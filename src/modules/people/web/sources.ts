/** What the pages around accounts ask for and change. */
import type { ContractsOf } from '#http/client.ts';
import type * as coinsContracts from '#modules/coins/api/contracts.ts';
import type { NewGrant } from '#modules/coins/api/schemas.ts';
import type * as contracts from '#modules/people/api/contracts.ts';
import type { AccountForAdmin, Letters, NamedEvent } from '#modules/people/api/schemas.ts';
import { apiOf } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

export const call = apiOf<ContractsOf<typeof contracts>>();
const callCoins = apiOf<ContractsOf<typeof coinsContracts>>();

export async function loadAccounts(
  search: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<AccountForAdmin, string> & { readonly cut: boolean }> {
  const query = { ...(search === '' ? {} : { search }), ...(after === undefined ? {} : { after }) };
  const { accounts, next, cut } = await call('GET', '/api/people/accounts', { query, signal });
  return { items: accounts, next, cut };
}

const eventsPerPage = { own: 10, all: 50, newest: 5 } as const;
const eventAddresses = { own: '/api/people/me/events', all: '/api/people/events', newest: '/api/people/events' } as const;

export type EventsOf = keyof typeof eventAddresses;

/** The account is named to admins. */
type ShownEvent = Omit<NamedEvent, 'accountName'> & Partial<Pick<NamedEvent, 'accountName'>>;

export async function loadEvents(of: EventsOf, after: string | undefined, signal: AbortSignal): Promise<ListPage<ShownEvent, string>> {
  const query = { limit: eventsPerPage[of], ...(after === undefined ? {} : { after }) };
  const { events, next } = await call('GET', eventAddresses[of], { query, signal });
  // The newest are not the beginning of a list.
  return { items: events, next: of === 'newest' ? null : next };
}

export type Letter = Letters['letters'][number];

export async function loadLetters(signal: AbortSignal): Promise<readonly Letter[]> {
  return (await call('GET', '/api/people/letters', { signal })).letters;
}

export function loadWalletOf(account: string, signal: AbortSignal) {
  return callCoins('GET', '/api/coins/accounts/:account', { params: { account }, signal });
}

export function grantCoins(body: NewGrant, key: string) {
  return callCoins('POST', '/api/coins/grants', { body, headers: { 'idempotency-key': key } });
}
