/** What a fetch is, as an answer to the desk. */
import type { FetchOutcome } from '../ports/fetch.ts';
import { maxPageBytes } from './desk-limits.ts';
import { retryAfterMs } from './fetching/retry-after.ts';

/** A page, or why there is none. */
export type PageAnswer =
  | { readonly failure: string }
  | {
      readonly status: number;
      readonly finalAddress: string;
      readonly contentType?: string;
      readonly retryAfterMs?: number;
      readonly timings: Readonly<Record<string, number>>;
      readonly body: Buffer;
    };

/** What a miner reads of a page at most. */
export const pageLimits = { wireBytes: maxPageBytes, bodyBytes: maxPageBytes } as const;

const longestAddress = 2_048;
const longestType = 200;

export function pageAnswerOf(outcome: FetchOutcome, now: number): PageAnswer {
  if (outcome.kind !== 'fetched') return { failure: outcome.reason };
  const { status, headers, address, body, timings } = outcome;
  const asksForRest = retryAfterMs(headers['retry-after'], now);
  const contentType = headers['content-type'];
  return {
    status,
    finalAddress: address.slice(0, longestAddress),
    ...(contentType === undefined ? {} : { contentType: contentType.slice(0, longestType) }),
    ...(asksForRest === undefined ? {} : { retryAfterMs: asksForRest }),
    timings: Object.fromEntries(Object.entries(timings).map(([phase, ms]) => [phase, Math.round(ms)])),
    body,
  };
}
