/** What existing publishers of such systems send: `{"company":"MSFT","eventType":"buy","price":123.45}`, read as a trade of one share. */
import type { InboxMessage } from '../ports/inbox.ts';
import { centsOf } from './csv-trades.ts';
import type { IncomingTrade } from './incoming.ts';
import { maxPriceCents, shownValue } from './trades.ts';

/** A message has about 60 bytes. */
export const maxMessageBytes = 4_096;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The trade, or what is wrong with the message, in the sender's words. Unknown fields are ignored. */
export function foreignTrade({ body, size }: Pick<InboxMessage, 'body' | 'size'>, queue: string, now: number): IncomingTrade | string {
  if (size > maxMessageBytes) return `the message has ${size} bytes: at most ${maxMessageBytes} are read`;
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'the message must be a JSON object such as {"company":"MSFT","eventType":"buy","price":123.45}';
  }
  const { company, eventType, price } = value as Readonly<Record<string, unknown>>;
  if (company !== queue) return `company must be ${queue}, as the queue is called, not ${shownValue(company)}`;
  if (eventType !== 'buy' && eventType !== 'sell') return `eventType must be buy or sell, not ${shownValue(eventType)}`;
  if (typeof price !== 'number') return `price must be a number such as 123.45, not ${shownValue(price)}`;
  // Exact for prices in whole cents; with more decimals, the nearest cent, which is what the tape can hold.
  const priceCents = centsOf(price.toFixed(2), false);
  if (priceCents === undefined || priceCents < 1 || priceCents > maxPriceCents)
    return `price must be from 0.01 to ${maxPriceCents / 100}, not ${shownValue(price)}`;
  return { company, side: eventType, priceCents, quantity: 1, at: now };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}
