/** What the page of the wishes asks the house for. */
import type { Static } from 'typebox';
import type { ContractsOf } from '#http/client.ts';
import type * as contracts from '#modules/wishes/api/contracts.ts';
import { apiOf } from '#web/api/api.ts';

const call = apiOf<ContractsOf<typeof contracts>>();

export type Wish = Static<(typeof contracts.makeWish)['response'][201]>;

export function loadWishes(after: string | undefined, signal: AbortSignal) {
  return call('GET', '/api/wishes', { query: after === undefined ? {} : { after }, signal });
}

export async function loadPrice(signal: AbortSignal): Promise<number> {
  return (await call('GET', '/api/wishes', { query: { limit: 1 }, signal })).price;
}

export function sendWish(text: string, key: string): Promise<Wish> {
  return call('POST', '/api/wishes', { body: { text }, headers: { 'idempotency-key': key } });
}
