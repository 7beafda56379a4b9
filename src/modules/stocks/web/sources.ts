/** Where the stocks pages get their figures: the stores that live as long as the page, and the requests. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ContractsOf } from '#http/client.ts';
import type * as contracts from '#modules/stocks/api/contracts.ts';
import type { BatchesState, MarketState } from '#modules/stocks/api/live-protocol.ts';
import type { BarPage, BatchView, CompanySummary, OutsideCompany, Proof, Rate, Spark } from '#modules/stocks/api/schemas.ts';
import { apiOf, type RequestFailure } from '#web/api/api.ts';
import { withRetries } from '#web/api/retries.ts';
import type { ListPage } from '#web/api/use-pages.ts';
import { browser, onNextFrame } from '#web/browser.ts';
import { live } from '#web/live/live.ts';
import type { LiveClient } from '#web/live/live-client.ts';
import { ValueStore } from '#web/live/value-store.ts';
import type { BarQuestion } from './bar-feed.ts';
import type { Span } from './bars.ts';
import { BatchesStore } from './batches-store.ts';
import { MarketStore, type Quote } from './market-store.ts';

const call = apiOf<ContractsOf<typeof contracts>>();
const market = new MarketStore(onNextFrame);
const proofStore = new ValueStore<Proof>(onNextFrame);

/** Prices are read by people: four times a second is as much as they can follow. */
const updatesPerSecond = 4;

/** Opens the market: called once, when the app starts. */
export function openMarket(client: LiveClient): void {
  client.subscribe('market', {
    updatesPerSecond,
    snapshot: (state, epoch) => market.replace(state as MarketState, epoch),
    delta: (changed) => market.merge(changed as MarketState),
  });
  client.subscribe('proof', {
    updatesPerSecond: 2,
    snapshot: (state) => proofStore.set(state as Proof),
    delta: (changed) => proofStore.set(changed as Proof),
  });
  loadMarket();
}

/** The socket may be a moment away, or forbidden by a proxy: then the page still shows something true. */
function loadMarket(): void {
  const never = new AbortController().signal;
  withRetries((signal) => call('GET', '/api/stocks/companies', { signal }), never, browser).then(
    ({ companies }) => market.merge(companies),
    (failure: RequestFailure) => market.failed(failure),
  );
  withRetries((signal) => call('GET', '/api/stocks/proof', { signal }), never, browser).then(
    (proof) => {
      if (proofStore.get() === undefined) proofStore.set(proof);
    },
    // The proof line says that it waits; the connection sign says why.
    () => {},
  );
}

export async function loadOutside(after: string | undefined, signal: AbortSignal): Promise<ListPage<OutsideCompany, string>> {
  const query = after === undefined ? {} : { after };
  const { companies, next } = await call('GET', '/api/stocks/admin/companies', { query, signal });
  return { items: companies, next };
}

export async function retire(code: string, retired: boolean): Promise<void> {
  await call('PATCH', '/api/stocks/admin/companies/:code', { params: { code }, body: { retired } });
}

export type MarketNews =
  | { readonly state: 'loading' }
  | { readonly state: 'heard' }
  | { readonly state: 'failed'; readonly failure: RequestFailure; readonly retry: () => void };

/** Whether anything is known of the market: before it is, "no companies" means "not yet". */
export function useMarketNews(): MarketNews {
  const news = useSyncExternalStore(market.news.subscribe, market.news.get);
  if (news === undefined) return { state: 'loading' };
  return news === 'heard' ? { state: 'heard' } : { state: 'failed', failure: news, retry: loadMarket };
}

export function useQuote(company: string): Quote | undefined {
  const subscribe = useCallback((listener: () => void) => market.quotes.subscribe(company, listener), [company]);
  return useSyncExternalStore(subscribe, () => market.quotes.get(company));
}

/** The codes there are; components that show all companies use this and let each row listen for itself. */
export function useCompanyCodes(): readonly string[] {
  return useSyncExternalStore(market.quotes.subscribeKeys, market.quotes.keys);
}

/** What is known right now, without listening: for sorting now and then. */
export function currentSummaries(): readonly CompanySummary[] {
  return market.quotes.values().map(({ summary }) => summary);
}

export function useProof(): Proof | undefined {
  return useSyncExternalStore(proofStore.subscribe, proofStore.get);
}

/** The company's latest batches, newest first; undefined until the server has told them. */
export function useBatches(company: string): readonly BatchView[] | undefined {
  const [store, setStore] = useState(() => new BatchesStore(onNextFrame));
  useEffect(() => {
    const fresh = new BatchesStore(onNextFrame);
    setStore(fresh);
    return live.subscribe(`batches:${company}`, {
      updatesPerSecond,
      snapshot: (state) => fresh.replace(state as BatchesState),
      delta: (changed) => fresh.append(changed as BatchesState),
    });
  }, [company]);
  return useSyncExternalStore(store.newest.subscribe, store.newest.get);
}

export async function loadSparks(minutes: number, signal: AbortSignal): Promise<ReadonlyMap<string, Spark>> {
  const { sparks } = await call('GET', '/api/stocks/sparks', { query: { minutes }, signal });
  return new Map(sparks.map((spark) => [spark.company, spark]));
}

export function loadBars(code: string, interval: Span['interval'], question: BarQuestion, signal: AbortSignal): Promise<BarPage> {
  return call('GET', '/api/stocks/companies/:code/bars', { params: { code }, query: { ...question, interval }, signal });
}

export async function loadWatched(signal: AbortSignal): Promise<readonly string[]> {
  return (await call('GET', '/api/stocks/watched', { signal })).companies;
}

/** Resolves the whole list. */
export async function saveWatched(code: string, isWatched: boolean): Promise<readonly string[]> {
  const params = { code };
  const changed = isWatched
    ? await call('PUT', '/api/stocks/watched/:code', { params })
    : await call('DELETE', '/api/stocks/watched/:code', { params });
  return changed.companies;
}

export function loadRate(signal: AbortSignal): Promise<Rate> {
  return call('GET', '/api/stocks/rate', { signal });
}

export function saveRate(rate: Rate): Promise<Rate> {
  return call('PUT', '/api/stocks/rate', { body: rate });
}
