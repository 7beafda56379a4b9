/** Ids for foreign viewers: in the order of batches, the same at every try. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { applicationFor, simulatedRecords } from '../../testing/results-model.ts';
import { viewerDocument } from './mongodb-documents.ts';

const [batch] = applicationFor('ACME', undefined, simulatedRecords(0, 10), { batchSize: 10 }).batches;

describe('documents for foreign viewers', () => {
  it('have ids in the order of their batches, as long as the seconds do not go back', () => {
    assert.ok(batch);
    const number = fastCheck.integer({ min: 1, max: 2 ** 40 });
    const seconds = fastCheck.integer({ min: 1, max: 2 ** 31 });
    const ahead = fastCheck.oneof(fastCheck.constantFrom(1, 2 ** 24 - 1, 2 ** 24, 2 ** 24 + 1), number);
    fastCheck.assert(
      fastCheck.property(number, ahead, seconds, fastCheck.integer({ min: 0, max: 5 }), (first, step, at, later) => {
        const one = viewerDocument({ ...batch, number: first }, at);
        const next = viewerDocument({ ...batch, number: first + step }, at + later);
        assert.ok(one._id.toHexString() < next._id.toHexString());
      }),
    );
  });

  it('are the same at every try, and another for another company', () => {
    assert.ok(batch);
    assert.deepEqual(viewerDocument(batch, 1_800_000_000), viewerDocument(batch, 1_800_000_000));
    assert.notDeepEqual(viewerDocument(batch, 1_800_000_000)._id, viewerDocument({ ...batch, company: 'OTHER' }, 1_800_000_000)._id);
  });
});
