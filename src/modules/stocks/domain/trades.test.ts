/** The record of the tape: what is written comes back, at any place in memory, and nothing beyond the limits is written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import {
  buyBit,
  checkFrame,
  decodeTrade,
  encodeTrades,
  maxNotionalCents,
  maxPriceCents,
  maxQuantity,
  quantityMask,
  recordBytes,
  type Side,
  type Trade,
  tradeColumns,
  wrongInTrade,
} from './trades.ts';

const maxAt = 8_640_000_000_000_000;

const anyTrade = fastCheck
  .record(
    {
      side: fastCheck.constantFrom<Side>('buy', 'sell'),
      priceCents: fastCheck.integer({ min: 1, max: maxPriceCents }),
      quantity: fastCheck.integer({ min: 1, max: maxQuantity }),
      at: fastCheck.integer({ min: 0, max: maxAt }),
    },
    { noNullPrototype: true },
  )
  .filter(({ priceCents, quantity }) => priceCents * quantity <= maxNotionalCents);

/** The same bytes at another place, such as in the middle of what a socket read. */
function moved(body: Uint8Array, offset: number): Uint8Array {
  const around = new Uint8Array(body.length + offset + 3).fill(0xa5);
  around.set(body, offset);
  return around.subarray(offset, offset + body.length);
}

describe('a trade on the tape', () => {
  it('comes back as it was written, one by one and in columns, wherever the bytes lie', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.array(anyTrade, { maxLength: 40 }), fastCheck.nat({ max: 16 }), (trades, offset) => {
        const body = moved(encodeTrades(trades), offset);
        assert.equal(body.length, trades.length * recordBytes);
        const { count, doubles, words } = tradeColumns(body);
        assert.equal(count, trades.length);
        trades.forEach((trade, index) => {
          assert.deepEqual(decodeTrade(body, index), trade);
          const word = words[4 * index + 3]!;
          assert.deepEqual(
            [doubles[2 * index], words[4 * index + 2], word & quantityMask, word >= buyBit],
            [trade.at, trade.priceCents, trade.quantity, trade.side === 'buy'],
          );
        });
      }),
    );
  });

  it('has the layout that is written down: little-endian time, price, quantity with the side on top', () => {
    const body = encodeTrades([{ side: 'buy', priceCents: 0x01020304, quantity: 1, at: 1 }]);
    assert.equal(Buffer.from(body).toString('hex'), '000000000000f03f0403020101000080');
  });

  it('in columns, aligned bytes are looked at where they are, and others are left as they are', () => {
    const aligned = encodeTrades([{ side: 'sell', priceCents: 5, quantity: 6, at: 7 }]);
    assert.equal(tradeColumns(aligned).words.buffer, aligned.buffer);
    const unaligned = moved(aligned, 3);
    tradeColumns(unaligned).words.fill(0);
    assert.deepEqual(Uint8Array.from(unaligned), aligned);
  });

  const good: Trade = { side: 'buy', priceCents: 100, quantity: 1, at: 0 };
  const edges: readonly [why: string, change: Partial<Trade>][] = [
    ['the lowest price, quantity and time', { priceCents: 1 }],
    ['the highest price', { priceCents: maxPriceCents }],
    ['the highest quantity', { priceCents: 1, quantity: maxQuantity }],
    ['the largest sum', { priceCents: 2 ** 18, quantity: 2 ** 18 }],
    ['the last time there is', { at: maxAt }],
  ];
  for (const [why, change] of edges) {
    it(`may have ${why}`, () => {
      const trade = { ...good, ...change };
      assert.equal(wrongInTrade(trade.priceCents, trade.quantity, trade.at), undefined);
      assert.deepEqual(decodeTrade(encodeTrades([trade]), 0), trade);
    });
  }

  const beyond: readonly [field: string, change: Partial<Trade>][] = [
    ['priceCents', { priceCents: 0 }],
    ['priceCents', { priceCents: -1 }],
    ['priceCents', { priceCents: 1.5 }],
    ['priceCents', { priceCents: maxPriceCents + 1 }],
    ['priceCents', { priceCents: Number.NaN }],
    ['quantity', { quantity: 0 }],
    ['quantity', { quantity: 0.5 }],
    ['quantity', { priceCents: 1, quantity: maxQuantity + 1 }],
    ['quantity', { priceCents: 2 ** 18 + 1, quantity: 2 ** 18 }],
    ['at', { at: -1 }],
    ['at', { at: 1.5 }],
    ['at', { at: maxAt + 1 }],
    ['at', { at: Number.POSITIVE_INFINITY }],
  ];
  for (const [field, change] of beyond) {
    it(`with ${JSON.stringify(change)} is refused, and the message names ${field}`, () => {
      assert.throws(
        () => encodeTrades([good, { ...good, ...change }]),
        (error: unknown) => {
          assert.ok(error instanceof KontorError && error.code === 'invalid_input');
          assert.equal(error.details[0]?.field, field);
          assert.match(error.message, /must/);
          return true;
        },
      );
    });
  }
});

describe('a frame of trades', () => {
  it('whose body does not hold whole trades, or not as many as it says, breaks an invariant', () => {
    assert.throws(() => tradeColumns(new Uint8Array(recordBytes + 1)), BrokenInvariant);
    const body = new Uint8Array(2 * recordBytes);
    assert.doesNotThrow(() => checkFrame({ first: 7, count: 2, body }));
    assert.throws(() => checkFrame({ first: 7, count: 3, body }), /frame at 7 says 3 trades but has 32 bytes/);
  });
});
