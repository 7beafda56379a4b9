/** Names of requests that no table would take are refused before they get there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryState } from '#testkit/temporary-state.ts';
import { BrokenInvariant } from './errors.ts';
import { createRequestTable, hashOfBody, type KeyedRequest, requestKeys } from './request-keys.ts';

const request: KeyedRequest = { scope: 'shop', key: 'k', bodyHash: 'b', answer: 'a' };

describe('request keys', () => {
  it('refuse names that are empty, too long or not printable ASCII', async (t) => {
    const state = await temporaryState(t);
    await state.write((queries) => createRequestTable(queries, 'request'));
    const keys = requestKeys({ table: 'request' });
    const { scope: _, ...scopeless } = request;
    const misnamed: readonly KeyedRequest[] = [
      { ...request, key: '' },
      { ...request, key: 'k'.repeat(201) },
      { ...request, key: 'ü' },
      { ...request, key: 'k\n' },
      { ...request, scope: '' },
      { ...request, scope: 's'.repeat(101) },
      scopeless,
    ];
    for (const one of misnamed)
      await assert.rejects(
        state.write((queries) => keys.claim(queries, [one], 1)),
        BrokenInvariant,
      );
  });

  it('refuse a scope that the table could not keep', async (t) => {
    const state = await temporaryState(t);
    const keys = requestKeys({ table: 'request', columns: { scope: null, key: 'key', bodyHash: 'hash', answer: 'answer', at: 'at' } });
    await assert.rejects(
      state.write((queries) => keys.claim(queries, [request], 1)),
      BrokenInvariant,
    );
  });

  it('tell bodies apart by their hash', () => {
    assert.equal(hashOfBody('[1]'), hashOfBody(new TextEncoder().encode('[1]')));
    assert.notEqual(hashOfBody('[1]'), hashOfBody('[1] '));
  });
});
