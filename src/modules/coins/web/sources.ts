/** What the wallet's pages ask the house for. */
import type { Static } from 'typebox';
import type { Entry, Holds, Moved, NewTransfer, Statement, Wallet } from '#modules/coins/api/schemas.ts';
import { getJson, sendJson } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

export type WalletView = Static<typeof Wallet>;
export type StatementEntry = Static<typeof Entry>;
export type Hold = Static<typeof Holds>['holds'][number];

const entriesPerPage = 25;
export const statementFile = '/api/coins/statement.csv';

export function loadWallet(signal: AbortSignal): Promise<WalletView> {
  return getJson('/api/coins/wallet', signal);
}

export async function loadHolds(signal: AbortSignal): Promise<readonly Hold[]> {
  return (await getJson<Static<typeof Holds>>('/api/coins/holds', signal)).holds;
}

export async function loadStatement(before: number | undefined, signal: AbortSignal): Promise<ListPage<StatementEntry, number>> {
  const query = new URLSearchParams({ limit: String(entriesPerPage), ...(before === undefined ? {} : { before: String(before) }) });
  const { entries, next } = await getJson<Static<typeof Statement>>(`/api/coins/statement?${query}`, signal);
  return { items: entries, next };
}

export function takeFromFaucet(): Promise<Moved> {
  return sendJson('POST', '/api/coins/faucet');
}

export function sendCoins(transfer: NewTransfer, key: string): Promise<Moved> {
  return sendJson('POST', '/api/coins/transfers', transfer, { 'idempotency-key': key });
}
