/** An existing viewer, written from the contract alone (design, section 6): a WebSocket on `/` that sends all prices. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';

interface ForeignPrice {
  readonly company: string;
  readonly avgPrice: number;
}

export interface ForeignViewer {
  /** The newest prices; undefined before the first message. */
  prices(): readonly ForeignPrice[] | undefined;
  /** The number of messages so far. */
  messages(): number;
  /** The longest time between two messages, or since the last one. */
  longestPauseMs(): number;
  close(): void;
}

export async function openForeignViewer(url: string): Promise<ForeignViewer> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/`);
  let prices: readonly ForeignPrice[] | undefined;
  let messages = 0;
  let longestMs = 0;
  let lastMs = 0;
  socket.on('message', (data) => {
    const message: unknown = JSON.parse(String(data));
    prices = pricesIn(message);
    const nowMs = performance.now();
    if (messages > 0) longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    messages += 1;
  });
  await once(socket, 'open');
  return {
    prices: () => prices,
    messages: () => messages,
    longestPauseMs: () => Math.max(longestMs, performance.now() - lastMs),
    close: () => socket.close(),
  };
}

/** Checks the message against the contract. */
function pricesIn(message: unknown): readonly ForeignPrice[] {
  const { type, prices } = message as { readonly type: string; readonly prices: readonly ForeignPrice[] };
  assert.equal(type, 'prices');
  for (const { company, avgPrice } of prices) {
    assert.equal(typeof company, 'string');
    assert.equal(typeof avgPrice, 'number');
  }
  const companies = prices.map(({ company }) => company);
  assert.deepEqual(companies, companies.toSorted());
  return prices;
}
