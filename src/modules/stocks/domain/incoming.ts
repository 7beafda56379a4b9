/** Trades as others send them: checked against what the tape can hold, each fault named with its place. */
import type { ErrorDetail } from '#core/errors.ts';
import { fieldRefusal } from '#core/refuse.ts';
import { stocksRefusals } from '../refusals.ts';
import { companyPattern } from './companies.ts';
import { shownValue, type Trade, wrongInTrade } from './trades.ts';

export interface IncomingTrade extends Trade {
  readonly company: string;
}

/** Clocks of senders may be ahead of ours by this much. */
const maxAheadMs = 60_000;
const year2000 = 946_684_800_000;
const companyCode = new RegExp(companyPattern);
const fields = ['company', 'side', 'priceCents', 'quantity', 'at'] as const;

/** The trade that a JSON value is, or what is wrong with it. `at` is the present if left out. */
export function tradeIn(value: unknown, place: string, now: number): IncomingTrade | ErrorDetail {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fieldRefusal(stocksRefusals, 'trade-form', place, { value: shownValue(value) });
  const unknown = Object.keys(value).find((name) => !fields.some((known) => known === name));
  if (unknown !== undefined)
    return fieldRefusal(stocksRefusals, 'trade-field', place, { name: shownValue(unknown), known: fields.join(', ') });
  const { company, side, priceCents, quantity, at = now } = value as Readonly<Record<string, unknown>>;
  if (side !== 'buy' && side !== 'sell') return fieldRefusal(stocksRefusals, 'trade-side', place, { value: shownValue(side) });
  // Values of other types do not pass the checks that follow.
  const trade = { company, side, priceCents, quantity, at } as IncomingTrade;
  return wrongInIncoming(trade, now, place) ?? trade;
}

/** What is wrong with a company's code, or undefined. */
export function wrongInCompany(company: string, place = 'company'): ErrorDetail | undefined {
  if (typeof company === 'string' && companyCode.test(company)) return undefined;
  return fieldRefusal(stocksRefusals, 'trade-company', place, { value: shownValue(company) });
}

/** What keeps a trade off the tape, or undefined. */
export function wrongInIncoming(
  { company, priceCents, quantity, at }: IncomingTrade,
  now: number,
  place?: string,
): ErrorDetail | undefined {
  const wrong = wrongInCompany(company) ?? wrongInTrade(priceCents, quantity, at) ?? wrongInTime(at, now);
  return wrong && place !== undefined ? { ...wrong, field: place } : wrong;
}

function wrongInTime(at: number, now: number): ErrorDetail | undefined {
  if (at > now + maxAheadMs) return fieldRefusal(stocksRefusals, 'trade-in-future', 'at', { at, now });
  if (at >= year2000) return undefined;
  const areSeconds = at * 1_000 >= year2000 && at * 1_000 <= now + maxAheadMs;
  return fieldRefusal(stocksRefusals, areSeconds ? 'trade-in-seconds' : 'trade-too-old', 'at', { at });
}
