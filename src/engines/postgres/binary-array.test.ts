/** The binary form of an array, byte by byte; the contract tests send it to a real server. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { byteaArray } from './binary-array.ts';

it('is a header, then each item after its length', () => {
  const bytes = byteaArray([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]);
  assert.equal(
    bytes.toString('hex'),
    `${'00000001'}${'00000000'}${'00000011'}${'00000003'}${'00000001'}${'00000002'}0102${'00000000'}${'00000001'}03`,
  );
});

it('has no dimension when it has no items', () => {
  assert.equal(byteaArray([]).toString('hex'), `${'00000000'}${'00000000'}${'00000011'}`);
});
