/** The session and the wallet's balance, for all pages: loaded when the app starts, and after each change. */
import { useSyncExternalStore } from 'react';
import type { ContractsOf } from '#http/client.ts';
import type * as coins from '#modules/coins/api/contracts.ts';
import type * as people from '#modules/people/api/contracts.ts';
import type { Me } from '#modules/people/api/schemas.ts';
import { apiOf, RequestFailure, whenUnauthenticated } from '../api/api.ts';
import { withRetries } from '../api/retries.ts';
import { browser } from '../browser.ts';

const call = apiOf<ContractsOf<typeof people> | ContractsOf<typeof coins>>();

type Member = NonNullable<Me['account']>;

export type Session =
  | { readonly state: 'unknown' }
  /** The role `people` does not run here. */
  | { readonly state: 'closed' }
  | { readonly state: 'stranger'; readonly demo: boolean }
  | { readonly state: 'member'; readonly member: Member; readonly me: Me; readonly demo: boolean };

let session: Session = { state: 'unknown' };
let balance: number | undefined;
/** Whether the newest request failed: what is shown may be out of date. */
let missing = false;
/** The number of the newest request: an answer from before a login must not undo it. */
let newest = 0;
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

/** Coins that can be spent; undefined while unknown. */
export function useBalance(): number | undefined {
  return useSyncExternalStore(subscribe, () => balance);
}

/** Loads the session and the balance. A failure leaves both unchanged. */
export async function loadSession(): Promise<void> {
  await loadMe();
  if (session.state === 'member') await loadBalance();
}

/** Loads what could not be loaded while the house was away. */
export async function loadMissingSession(): Promise<void> {
  if (missing) await loadSession();
}

whenUnauthenticated(() => {
  if (session.state === 'member') void loadMe();
});

async function loadMe(): Promise<void> {
  newest += 1;
  const request = newest;
  try {
    const me = await withRetries((signal) => call('GET', '/api/people/me', { signal }), new AbortController().signal, browser);
    if (request !== newest) return;
    missing = false;
    const { account, demo } = me;
    if (session.state === 'member' && session.member.id !== account?.id) balance = undefined;
    session = account === null ? { state: 'stranger', demo } : { state: 'member', member: account, me, demo };
  } catch (error) {
    if (request !== newest) return;
    const closed = error instanceof RequestFailure && error.status === 404;
    missing = !closed;
    if (closed) session = { state: 'closed' };
  }
  announce();
}

export async function loadBalance(): Promise<void> {
  const request = newest;
  try {
    const wallet = await call('GET', '/api/coins/wallet');
    if (request === newest) setBalance(wallet.available);
  } catch {
    // The band then shows no balance; the wallet page shows the error.
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
