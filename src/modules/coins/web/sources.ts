/** What the wallet's pages ask the house for. */
import type { Static } from 'typebox';
import type { ContractsOf } from '#http/client.ts';
import type * as contracts from '#modules/coins/api/contracts.ts';
import type { Entry, Holds, Moved, NewTransfer, Wallet } from '#modules/coins/api/schemas.ts';
import { apiOf } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

export type WalletView = Static<typeof Wallet>;
export type StatementEntry = Static<typeof Entry>;
export type Hold = Static<typeof Holds>['holds'][number];

const call = apiOf<ContractsOf<typeof contracts>>();
const entriesPerPage = 25;
export const statementFile = '/api/coins/statement.csv';

export function loadWallet(signal: AbortSignal): Promise<WalletView> {
  return call('GET', '/api/coins/wallet', { signal });
}

export async function loadHolds(signal: AbortSignal): Promise<readonly Hold[]> {
  return (await call('GET', '/api/coins/holds', { signal })).holds;
}

export async function loadStatement(after: string | undefined, signal: AbortSignal): Promise<ListPage<StatementEntry, string>> {
  const { entries, next } = await call('GET', '/api/coins/statement', { query: { limit: entriesPerPage, after }, signal });
  return { items: entries, next };
}

/** How many coins a request with this key has sent. */
export async function findSent(key: string, signal: AbortSignal): Promise<number | undefined> {
  const [entry] = (await call('GET', '/api/coins/statement', { query: { key }, signal })).entries;
  return entry === undefined ? undefined : -entry.amount;
}

export function takeFromFaucet(): Promise<Moved> {
  return call('POST', '/api/coins/faucet');
}

export function sendCoins(body: NewTransfer, key: string): Promise<Moved> {
  return call('POST', '/api/coins/transfers', { body, headers: { 'idempotency-key': key } });
}
