/** Cursors: what is written is read back, and whatever else a client sends is refused by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { BrokenInvariant, KontorError } from './errors.ts';
import { isAfter, maxCursorLength, pageCursor, pageOf } from './paging.ts';

const cursor = pageCursor('orders', ['integer', 'number', 'text']);
const written = (json: string) => Buffer.from(json).toString('base64url');

function assertRefused(after: string): void {
  assert.throws(
    () => cursor.read(after),
    (error) => error instanceof KontorError && error.code === 'invalid_input' && error.details[0]?.field === 'after',
    after,
  );
}

describe('a cursor', () => {
  it('is read as it was written, and is safe in an address', () => {
    const text = fastCheck.string({ unit: 'binary', maxLength: 50 }).filter((each) => !each.includes('\0'));
    const anyNumber = fastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each));
    fastCheck.assert(
      fastCheck.property(fastCheck.maxSafeInteger(), anyNumber, text, (integer, number, word) => {
        const after = cursor.write([integer, number, word]);
        assert.match(after, /^[\w-]+$/);
        assert.deepEqual(cursor.read(after), [integer, number, word]);
      }),
    );
  });

  it('is not needed for the first page', () => {
    assert.equal(cursor.read(undefined), undefined);
  });

  it('is refused where it is none', () => {
    fastCheck.assert(fastCheck.property(fastCheck.string({ unit: 'binary', maxLength: 3_000 }), assertRefused));
  });

  it('is refused when it was changed', () => {
    const after = cursor.write([1, 2, 'three']);
    for (const changed of [`${after}=`, `${after} `, ` ${after}`, `${after}A`, after.slice(1), `${after.slice(0, 4)}.${after.slice(4)}`]) {
      assertRefused(changed);
    }
  });

  it('is refused with other values than those of its list', () => {
    const misfits = [
      '[1,"orders",1.5,2,"three"]',
      '[1,"orders","1",2,"three"]',
      '[1,"orders",1e400,2,"three"]',
      '[1,"orders",9007199254740992,2,"three"]',
      '[1,"orders",1,null,"three"]',
      '[1,"orders",1,2,3]',
      '[1,"orders",1,2,"\\u0000"]',
      '[1,"orders",1,2,"\\ud800"]',
      '[1,"orders",1,2]',
      '[1,"orders",1,2,"three",4]',
      '[1,"refunds",1,2,"three"]',
      '[2,"orders",1,2,"three"]',
      '{"0":1}',
      'null',
      '[',
      '',
      `[1,"orders",1,2,"${'3'.repeat(maxCursorLength)}"]`,
    ];
    for (const misfit of misfits) assertRefused(written(misfit));
  });

  it('is never written longer than it may be sent', () => {
    assert.throws(() => cursor.write([1, 2, '3'.repeat(maxCursorLength)]), BrokenInvariant);
  });
});

describe('a page', () => {
  const page = (count: number, limit: number) => pageOf([...Array(count).keys()], limit, String);

  it('has a next one when there is one row more than fits', () => {
    assert.deepEqual(page(3, 2), { items: [0, 1], next: '1' });
  });

  it('is the last when all rows fit', () => {
    assert.deepEqual(page(2, 2), { items: [0, 1], next: null });
    assert.deepEqual(page(0, 2), { items: [], next: null });
  });
});

describe('a place in a list', () => {
  it('has a value for each column that the list is ordered by', () => {
    assert.throws(() => isAfter(['at', 'id'], 'asc', [1]), BrokenInvariant);
  });
});
