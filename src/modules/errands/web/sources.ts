/** What the pages of errands ask the house for. */
import type { Static, TSchema } from 'typebox';
import type { ContractsOf } from '#http/client.ts';
import type * as coinsContracts from '#modules/coins/api/contracts.ts';
import type * as deliveryContracts from '#modules/errands/api/delivery/contracts.ts';
import type * as exampleContracts from '#modules/errands/api/examples/contracts.ts';
import type * as minerContracts from '#modules/errands/api/miners/contracts.ts';
import type * as orderContracts from '#modules/errands/api/orders/contracts.ts';
import type { Export, Order, OrderInput } from '#modules/errands/api/orders/schemas.ts';
import type * as previewContracts from '#modules/errands/api/preview/contracts.ts';
import type * as resultContracts from '#modules/errands/api/results/contracts.ts';
import type * as peopleContracts from '#modules/people/api/contracts.ts';
import { apiOf } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

export type { Order, OrderInput };
export type OpenRun = Static<(typeof orderContracts)['listRuns']['response'][200]>['runs'][number];

const call = apiOf<
  | ContractsOf<typeof orderContracts>
  | ContractsOf<typeof exampleContracts>
  | ContractsOf<typeof resultContracts>
  | ContractsOf<typeof deliveryContracts>
  | ContractsOf<typeof minerContracts>
  | ContractsOf<typeof peopleContracts>
  | ContractsOf<typeof coinsContracts>
>();
const perPage = 30;
const openRuns = 50;
const previewWithinMs = 35_000;

export async function loadOrders(after: string | undefined, signal: AbortSignal): Promise<ListPage<Order, string>> {
  const { orders, next } = await call('GET', '/api/errands/orders', { query: { limit: perPage, after }, signal });
  return { items: orders, next };
}

export function loadOrder(id: string, signal: AbortSignal): Promise<Order> {
  return call('GET', '/api/errands/orders/:id', { params: { id }, signal });
}

export function placeOrder(body: OrderInput, key: string): Promise<Order> {
  return call('POST', '/api/errands/orders', { body, headers: { 'idempotency-key': key } });
}

/** The id of the order that a request with this key made. */
export async function findOrdered(key: string, signal: AbortSignal): Promise<string | undefined> {
  return (await call('GET', '/api/errands/orders', { query: { key }, signal })).orders[0]?.id;
}

export function changeOrder(id: string, body: OrderInput): Promise<Order> {
  return call('PUT', '/api/errands/orders/:id', { params: { id }, body });
}

export function pauseOrder(id: string): Promise<Order> {
  return call('POST', '/api/errands/orders/:id/pause', { params: { id } });
}

export function resumeOrder(id: string): Promise<Order> {
  return call('POST', '/api/errands/orders/:id/resume', { params: { id } });
}

export function cancelOrder(id: string): Promise<Order> {
  return call('POST', '/api/errands/orders/:id/cancellation', { params: { id } });
}

export function runNow(id: string, key: string) {
  return call('POST', '/api/errands/orders/:id/runs', { params: { id }, headers: { 'idempotency-key': key } });
}

export async function loadOpenRuns(id: string, signal: AbortSignal): Promise<readonly OpenRun[]> {
  return (await call('GET', '/api/errands/orders/:id/runs', { params: { id }, query: { limit: openRuns }, signal })).runs;
}

type Answer<Contract extends { readonly response: { readonly 200: TSchema } }> = Static<Contract['response'][200]>;
export type Result = Answer<(typeof resultContracts)['listOrderResults']>['results'][number];
export type ShownResult = Answer<(typeof resultContracts)['readResult']>;
export type Difference = Answer<(typeof resultContracts)['readDifference']>;
export type Series = Answer<(typeof resultContracts)['readSeries']>['points'];
export type Latency = Answer<(typeof resultContracts)['readLatency']>;
export type Market = Answer<(typeof minerContracts)['readMarket']>;
export type Miner = Answer<(typeof minerContracts)['readOwnMiner']>;
export type Webhook = Answer<(typeof deliveryContracts)['readWebhook']>;

export async function loadResults(id: string, after: string | undefined, signal: AbortSignal): Promise<ListPage<Result, string>> {
  const query = { limit: perPage, after };
  const { results, next } = await call('GET', '/api/errands/orders/:id/results', { params: { id }, query, signal });
  return { items: results, next };
}

export function loadResult(id: string, number: number, signal: AbortSignal): Promise<ShownResult> {
  return call('GET', '/api/errands/orders/:id/results/:number', { params: { id, number }, signal });
}

export function loadDifference(id: string, number: number, signal: AbortSignal): Promise<Difference> {
  return call('GET', '/api/errands/orders/:id/results/:number/difference', { params: { id, number }, signal });
}

/** The page as it was fetched, to save. */
export function pageFile(id: string, number: number): string {
  return `/api/errands/orders/${id}/results/${number}/page`;
}

export async function loadSeries(id: string, signal: AbortSignal): Promise<Series> {
  return (await call('GET', '/api/errands/orders/:id/series', { params: { id }, signal })).points;
}

export function loadLatency(order: string | undefined, signal: AbortSignal): Promise<Latency> {
  return call('GET', '/api/errands/latency', { query: { order }, signal });
}

export function loadWebhook(id: string, signal: AbortSignal): Promise<Webhook> {
  return call('GET', '/api/errands/orders/:id/webhook', { params: { id }, signal });
}

export function resumeWebhook(id: string): Promise<Webhook> {
  return call('POST', '/api/errands/orders/:id/webhook/resume', { params: { id } });
}

export function loadMarket(signal: AbortSignal): Promise<Market> {
  return call('GET', '/api/errands/market', { signal });
}

export function loadMiner(signal: AbortSignal): Promise<Miner> {
  return call('GET', '/api/errands/miner', { signal });
}

export async function loadSecret(signal: AbortSignal): Promise<string> {
  return (await call('GET', '/api/errands/webhook-secret', { signal })).secret;
}

export async function renewSecret(): Promise<string> {
  return (await call('POST', '/api/errands/webhook-secret/renewal')).secret;
}

export const exportFile = '/api/errands/orders/export';

export function exportOf(id: string): string {
  return `${exportFile}?id=${id}`;
}

/** A number of orders. Throws a SyntaxError where the text is no JSON. */
export async function importOrders(text: string, key: string): Promise<number> {
  const body = JSON.parse(text) as Export;
  return (await call('POST', '/api/errands/orders/import', { body, headers: { 'idempotency-key': key } })).ids.length;
}

export type Preview = Static<(typeof previewContracts)['previewOrder']['response'][200]>;

const callSlowly = apiOf<ContractsOf<typeof previewContracts>>(previewWithinMs);

export function tryOrder(body: OrderInput): Promise<Preview> {
  return callSlowly('POST', '/api/errands/preview', { body });
}

export type Example = Static<(typeof exampleContracts)['listExamples']['response'][200]>['examples'][number];

export async function loadExamples(signal: AbortSignal): Promise<readonly Example[]> {
  return (await call('GET', '/api/errands/examples', { signal })).examples;
}

/** Takes coins from the faucet first where there are too few. */
export async function orderExample({ name, order }: Example): Promise<Order> {
  const price = (order.schedule.repetitions ?? 1) * order.copies;
  const { available, faucet } = await call('GET', '/api/coins/wallet');
  if (available < price && faucet) await call('POST', '/api/coins/faucet');
  return call('POST', '/api/errands/examples/:name', { params: { name } });
}

const tokenDays = 90;

/** An access token for one of the clients. */
export async function makeToken(name: string): Promise<string> {
  const { token } = await call('POST', '/api/people/me/access-tokens', { body: { name, scopes: ['read', 'write'], days: tokenDays } });
  return token;
}
