/** Row sets on a real PostgreSQL server: a round trip. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { type RowOf, rowsFrom } from '#core/sql/rows.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');
const columns = { id: 'bigint', share: 'double precision', word: 'text', bytes: 'bytea' } as const;

const orNull = <Value>(values: fastCheck.Arbitrary<Value>) => fastCheck.option(values, { nil: null });
const words = fastCheck.oneof(
  // PostgreSQL's text takes no zero character
  fastCheck.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  fastCheck.string({ unit: fastCheck.constantFrom('"', '\\', '{', '}', ',', ' ', '\n') }),
  fastCheck.constant('null'),
);
const anyRow: fastCheck.Arbitrary<RowOf<typeof columns>> = fastCheck.record(
  {
    id: orNull(fastCheck.maxSafeInteger()),
    share: orNull(fastCheck.double({ noNaN: true, noDefaultInfinity: true })),
    word: orNull(words),
    bytes: orNull(fastCheck.uint8Array({ maxLength: 20 })),
  },
  { noNullPrototype: true },
);

describe('rowsFrom on PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  it('returns every row unchanged, in order', async (t) => {
    const state = await database.state(t);
    await fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.array(anyRow, { maxLength: 12 }), async (rows) => {
        const { rows: found } = await state.read((queries) => rowsFrom(queries, columns, rows).execute(queries));
        const expected = rows.map((row) => ({
          ...row,
          // zero has one sign as text
          share: row.share === 0 ? 0 : row.share,
          bytes: row.bytes && Buffer.from(row.bytes),
        }));
        assert.deepEqual(found, expected);
      }),
    );
  });
});
