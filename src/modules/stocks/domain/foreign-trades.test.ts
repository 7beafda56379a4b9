/** Messages of existing publishers: read exactly, or refused with a reason that says what is wrong. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foreignTrade, maxMessageBytes } from './foreign-trades.ts';
import { maxPriceCents } from './trades.ts';

const now = 1_772_438_400_000;
const readBytes = (body: Uint8Array) => foreignTrade({ body, size: body.length }, 'MSFT', now);
const read = (text: string) => readBytes(Buffer.from(text));
const message = (price: string) => `{"company":"MSFT","eventType":"buy","price":${price}}`;

describe('a message of an existing publisher', () => {
  it('is a trade of one share, now', () => {
    assert.deepEqual(read('{"company":"MSFT","eventType":"sell","price":123.45}'), {
      company: 'MSFT',
      side: 'sell',
      priceCents: 12_345,
      quantity: 1,
      at: now,
    });
  });

  it('may hold more than we know', () => {
    assert.equal(typeof read('{"company":"MSFT","eventType":"buy","price":1,"id":7}'), 'object');
  });

  it('has its price read exactly, for every price in whole cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxPriceCents }), (cents) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        const trade = read(message(text));
        assert.equal(typeof trade === 'object' && trade.priceCents, cents);
      }),
    );
  });

  it('has a price with more decimals rounded to the nearest cent', () => {
    for (const [price, cents] of [
      ['0.005', 1],
      ['10.994', 1_099],
      ['10.996', 1_100],
      ['123.45000000000002', 12_345],
    ] as const) {
      const trade = read(message(price));
      assert.equal(typeof trade === 'object' && trade.priceCents, cents, price);
    }
  });

  it('is refused with the reason', () => {
    for (const [text, reason] of [
      ['', /JSON object/],
      ['{', /JSON object/],
      ['[]', /JSON object/],
      ['null', /JSON object/],
      ['{"company":"TSLA","eventType":"buy","price":1}', /^company must be MSFT, as the queue is called, not "TSLA"$/],
      ['{"eventType":"buy","price":1}', /^company must be MSFT.* not nothing$/],
      ['{"company":"MSFT","eventType":"BUY","price":1}', /^eventType must be buy or sell, not "BUY"$/],
      ['{"company":"MSFT","eventType":"buy","price":"1"}', /^price must be a number such as 123.45, not "1"$/],
      ...['-1', '0', '0.004', '1e300', '9999999'].map((price) => [message(price), /^price must be from 0.01 to 1342177.27, not /] as const),
    ] as const) {
      const trade = read(text);
      assert.match(typeof trade === 'string' ? trade : 'taken in', reason, text);
    }
  });

  it('is refused when it is too long or no text', () => {
    assert.match(String(read(`"${'x'.repeat(maxMessageBytes)}"`)), /4098 bytes: at most 4096/);
    assert.match(String(foreignTrade({ body: Buffer.from('{'), size: 5_000_000 }, 'MSFT', now)), /5000000 bytes: at most 4096/);
    assert.match(String(readBytes(Uint8Array.of(0x22, 0xff, 0x22))), /JSON object/);
  });
});
