/** Who uses the app, and what is in the wallet: known to every page, asked for when the app starts and after each change. */
import { useSyncExternalStore } from 'react';
import type { ContractsOf } from '#http/client.ts';
import type * as coins from '#modules/coins/api/contracts.ts';
import type * as people from '#modules/people/api/contracts.ts';
import type { Me } from '#modules/people/api/schemas.ts';
import { apiOf, RequestFailure, whenUnknown } from '../api/api.ts';
import { withRetries } from '../api/retries.ts';
import { browser } from '../browser.ts';

const call = apiOf<ContractsOf<typeof people> | ContractsOf<typeof coins>>();

type Member = NonNullable<Me['account']>;

export type Session =
  | { readonly state: 'unknown' }
  /** This house lets nobody in: the role `people` does not run here. */
  | { readonly state: 'closed' }
  | { readonly state: 'stranger'; readonly demo: boolean }
  | { readonly state: 'member'; readonly member: Member; readonly me: Me; readonly demo: boolean };

let session: Session = { state: 'unknown' };
let balance: number | undefined;
/** Only the newest question counts: an answer from before a login must not undo it. */
let asked = 0;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  for (const listener of listeners) listener();
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Coins that can be spent; undefined while it is not known. */
export function useBalance(): number | undefined {
  return useSyncExternalStore(subscribe, () => balance);
}

/** Resolves when it is known who we are; failing to learn it leaves everything as it was. */
export async function loadSession(): Promise<void> {
  await loadMe();
  if (session.state === 'member') await loadBalance();
}

whenUnknown(() => {
  if (session.state === 'member') void loadMe();
});

async function loadMe(): Promise<void> {
  asked += 1;
  const question = asked;
  try {
    const me = await withRetries((signal) => call('GET', '/api/people/me', { signal }), new AbortController().signal, browser);
    if (question !== asked) return;
    const { account, demo } = me;
    if (session.state === 'member' && session.member.id !== account?.id) balance = undefined;
    session = account === null ? { state: 'stranger', demo } : { state: 'member', member: account, me, demo };
  } catch (error) {
    if (question !== asked) return;
    if (error instanceof RequestFailure && error.status === 404) session = { state: 'closed' };
  }
  announce();
}

export async function loadBalance(): Promise<void> {
  const question = asked;
  try {
    const wallet = await call('GET', '/api/coins/wallet');
    if (question === asked) setBalance(wallet.available);
  } catch {
    // The wallet's own page says what is wrong; the band goes without.
  }
}

export function setBalance(coins: number): void {
  balance = coins;
  announce();
}

export async function logOut(): Promise<void> {
  await call('POST', '/api/people/logout');
  balance = undefined;
  await loadSession();
}
