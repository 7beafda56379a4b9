/** Headers, prices, times and rows of files of trades. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { centsOf, tradeColumnsOf, tradeOfRow } from './csv-trades.ts';

const now = Date.UTC(2026, 0, 31);
const rules = { company: undefined, now };
const columnsOf = (header: string, delimiter: ',' | ';' = ',', company?: string) =>
  tradeColumnsOf({ line: 1, fields: header.split(delimiter) }, delimiter, company);
const standard = columnsOf('company,side,price,quantity,at');
const read = (row: string) => tradeOfRow({ line: 2, fields: row.split(',') }, standard, rules);
const faultOf = (row: string) => {
  const trade = read(row);
  return 'message' in trade ? `${trade.field}: ${trade.message}` : 'none';
};

describe('files of trades', () => {
  it('reads a row', () => {
    assert.deepEqual(read(' ACME ,BUY,123.45,7,2026-01-05T10:00:00.250+01:00'), {
      company: 'ACME',
      side: 'buy',
      priceCents: 12_345,
      quantity: 7,
      at: Date.UTC(2026, 0, 5, 9, 0, 0, 250),
    });
    assert.deepEqual(read(`A-1.B,sell,5,1048575,${now}`), {
      company: 'A-1.B',
      side: 'sell',
      priceCents: 500,
      quantity: 1_048_575,
      at: now,
    });
  });

  it('finds columns in any order and case, beside others', () => {
    const columns = columnsOf('id; AT ;Quantity;pricecents;SIDE', ';', 'ACME');
    assert.deepEqual(tradeOfRow({ line: 2, fields: ['x', String(now), '3', '250', 'sell'] }, columns, { company: 'ACME', now }), {
      company: 'ACME',
      side: 'sell',
      priceCents: 250,
      quantity: 3,
      at: now,
    });
  });

  it('names every fault of a header', () => {
    const faults = (header: string): string[] => {
      try {
        columnsOf(header);
      } catch (error) {
        return (error as { details: { message: string }[] }).details.map(({ message }) => message);
      }
      return [];
    };
    assert.deepEqual(faults('company,side,price,quantity,at'), []);
    assert.match(faults('side,price,quantity,at').join(), /company is missing: .* --company/);
    assert.match(faults('company,side,price,at').join(), /quantity is missing/);
    assert.match(faults('company,side,quantity,at').join(), /either a column price/);
    assert.match(faults('company,side,price,priceCents,quantity,at').join(), /either a column price/);
    assert.match(faults('company,side,side,price,quantity,at').join(), /side is there twice/);
    assert.match(faults('foo,bar').at(-1) ?? '', /columns are "foo", "bar"/);
  });

  it('says what is wrong with a row', () => {
    const wrong: [string, RegExp][] = [
      ['ACME,buy,1,1', /has 4 fields, and the header has 5/],
      [`acme,buy,1,1,${now}`, /company must be/],
      [`ACME,hold,1,1,${now}`, /^line 2: side must be "buy" or "sell", not "hold"/],
      [`ACME,buy,1.005,1,${now}`, /at most 2 decimals/],
      [`ACME,buy,-1,1,${now}`, /price must be a decimal number/],
      [`ACME,buy,1e3,1,${now}`, /price must be a decimal number/],
      [`ACME,buy,0.00,1,${now}`, /priceCents must be a whole number from 1/],
      [`ACME,buy,99999999,1,${now}`, /priceCents must be a whole number from 1/],
      [`ACME,buy,1,1.5,${now}`, /quantity must be a whole number/],
      [`ACME,buy,1,0,${now}`, /quantity must be a whole number from 1/],
      ['ACME,buy,1,1,2026-01-05T10:00:00', /a time with its offset/],
      ['ACME,buy,1,1,yesterday', /a time with its offset/],
      ['ACME,buy,1,1,1700000000', /looks like seconds/],
      ['ACME,buy,1,1,2027-01-05T10:00:00Z', /must not be in the future/],
    ];
    for (const [row, expected] of wrong) assert.match(faultOf(row), expected, row);
  });

  it('takes a decimal comma only where semicolons separate, and never guesses at thousands', () => {
    assert.equal(centsOf('1,15', true), 115);
    assert.equal(centsOf('1.15', true), 115);
    assert.equal(centsOf('1,15', false), undefined);
    for (const text of ['1.234,50', '1,234.50', '1,234', '', '.5', '5.', '1 000', '$5']) assert.equal(centsOf(text, true), undefined, text);
  });

  it('reads every price exactly', () => {
    assert.equal(centsOf('1.1500', false), 115);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 27 - 1 }), (cents) => {
        assert.equal(centsOf(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`, false), cents);
      }),
    );
  });
});
