/** Every flight id becomes an integer, and comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flightCode, flightIdOf } from './flight-codes.ts';

test('a flight id comes back from its code, which is a safe integer', () => {
  const ids = fc.stringMatching(/^[A-Z][A-Z0-9][1-9][0-9]{0,3}-[0-9]{8}$/);
  fc.assert(
    fc.property(ids, (id) => {
      const code = flightCode(id) ?? Number.NaN;
      assert.ok(Number.isSafeInteger(code));
      assert.equal(flightIdOf(code), id);
    }),
  );
  assert.equal(flightCode('KO1234-20261201'), 744_1234_20261201);
});

test('what is no flight id has no code', () => {
  for (const id of ['', 'KO1234', 'KO0-20261201', 'KO12345-20261201', '1O1234-20261201']) assert.equal(flightCode(id), undefined);
});
