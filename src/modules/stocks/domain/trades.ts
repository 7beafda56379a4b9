/**
 * A trade as it travels in frames: 16 bytes a record, little-endian, in the order of sequence numbers.
 *
 * bytes 0–7 time (float64, epoch milliseconds) · 8–11 price in cents (uint32) · 12–15 quantity, with the side in the top bit
 * (set for buy). The company is the partition and the sequence number is the frame's first plus the index, so neither is repeated.
 */
import { type ErrorDetail, invariant, KontorError } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';
import { fieldRefusal } from '#core/refuse.ts';
import { stocksRefusals } from '../refusals.ts';

export type Side = 'buy' | 'sell';

export interface Trade {
  readonly side: Side;
  readonly priceCents: number;
  readonly quantity: number;
  readonly at: number;
}

export const recordBytes = 16;
/** The limits keep every sum over a batch or a bar exact in a double: see aggregation.ts. */
export const maxPriceCents = 2 ** 27 - 1;
export const maxQuantity = 2 ** 20 - 1;
export const maxNotionalCents = 2 ** 36;
/** The last time that Date and Temporal know. */
const maxAt = 8_640_000_000_000_000;

export const buyBit = 0x8000_0000;
export const quantityMask = 0x7fff_ffff;

const machineIsLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

export function encodeTrades(trades: readonly Trade[]): Uint8Array {
  const body = new Uint8Array(trades.length * recordBytes);
  const view = new DataView(body.buffer);
  trades.forEach((trade, index) => {
    refuseOutOfBounds(trade);
    view.setFloat64(index * recordBytes, trade.at, true);
    view.setUint32(index * recordBytes + 8, trade.priceCents, true);
    view.setUint32(index * recordBytes + 12, (trade.quantity | (trade.side === 'buy' ? buyBit : 0)) >>> 0, true);
  });
  return body;
}

export function decodeTrade(body: Uint8Array, index: number): Trade {
  const view = new DataView(body.buffer, body.byteOffset + index * recordBytes, recordBytes);
  const word = view.getUint32(12, true);
  return {
    at: view.getFloat64(0, true),
    priceCents: view.getUint32(8, true),
    quantity: word & quantityMask,
    side: word >= buyBit ? 'buy' : 'sell',
  };
}

/** The records of a body as typed arrays over the same bytes, for loops that run millions of times a second. */
export interface TradeColumns {
  readonly count: number;
  /** Times: record i at [2 i]. */
  readonly doubles: Float64Array;
  /** Prices: record i at [4 i + 2]; side and quantity at [4 i + 3]. */
  readonly words: Uint32Array;
}

export function tradeColumns(body: Uint8Array): TradeColumns {
  invariant(machineIsLittleEndian, 'the tape needs a little-endian machine');
  invariant(body.length % recordBytes === 0, `a body of ${body.length} bytes does not hold whole trades`);
  const aligned = body.byteOffset % 8 === 0 ? body : body.slice();
  return {
    count: body.length / recordBytes,
    doubles: new Float64Array(aligned.buffer, aligned.byteOffset, body.length / 8),
    words: new Uint32Array(aligned.buffer, aligned.byteOffset, body.length / 4),
  };
}

export function checkFrame(frame: Frame): void {
  invariant(
    frame.body.length === frame.count * recordBytes,
    `frame at ${frame.first} says ${frame.count} trades but has ${frame.body.length} bytes`,
  );
}

function refuseOutOfBounds({ priceCents, quantity, at }: Trade): void {
  const wrong = wrongInTrade(priceCents, quantity, at);
  if (wrong) throw new KontorError('invalid_input', wrong.message, { reason: wrong.reason, details: [wrong] });
}

/** What is out of bounds, or undefined: one place for the limits of the tape. */
export function wrongInTrade(priceCents: number, quantity: number, at: number): ErrorDetail | undefined {
  if (!Number.isInteger(priceCents) || priceCents < 1 || priceCents > maxPriceCents)
    return fieldRefusal(stocksRefusals, 'trade-price', 'priceCents', { value: shownValue(priceCents), most: maxPriceCents });
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity)
    return fieldRefusal(stocksRefusals, 'trade-quantity', 'quantity', { value: shownValue(quantity), most: maxQuantity });
  if (priceCents * quantity > maxNotionalCents)
    return fieldRefusal(stocksRefusals, 'trade-too-large', 'quantity', { cents: priceCents * quantity, most: maxNotionalCents });
  if (!Number.isInteger(at) || at < 0 || at > maxAt) return fieldRefusal(stocksRefusals, 'trade-time', 'at', { value: shownValue(at) });
  return undefined;
}

/** A value as messages show it: quoted and short. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
