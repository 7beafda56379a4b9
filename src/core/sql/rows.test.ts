/** Row sets: a round trip through SQLite, and a constant text in both dialects. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fastCheck from 'fast-check';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { temporaryState } from '#testkit/temporary-state.ts';
import { BrokenInvariant } from '../errors.ts';
import type { State } from '../ports/state.ts';
import { type RowOf, rowsFrom } from './rows.ts';

const columns = { id: 'bigint', share: 'double precision', word: 'text', bytes: 'bytea' } as const;
type Row = RowOf<typeof columns>;

const orNull = <Value>(values: fastCheck.Arbitrary<Value>) => fastCheck.option(values, { nil: null });

const anyRow: fastCheck.Arbitrary<Row> = fastCheck.record(
  {
    id: orNull(fastCheck.maxSafeInteger()),
    share: orNull(fastCheck.double({ noNaN: true, noDefaultInfinity: true })),
    // PostgreSQL's text takes no zero character
    word: orNull(fastCheck.string({ unit: 'binary' }).filter((text) => !text.includes('\0'))),
    bytes: orNull(fastCheck.uint8Array({ maxLength: 20 })),
  },
  { noNullPrototype: true },
);

const driver = { createDriver: () => new DummyDriver() };
/** Queries that are compiled but never executed. */
const compilers = {
  sqlite: new Kysely({
    dialect: {
      ...driver,
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (database) => new SqliteIntrospector(database),
    },
  }),
  postgres: new Kysely({
    dialect: {
      ...driver,
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (database) => new PostgresIntrospector(database),
    },
  }),
};

function rowsRead(state: State, rows: readonly Row[]): Promise<readonly unknown[]> {
  return state.read(async (queries) => (await rowsFrom(queries, columns, rows).execute(queries)).rows);
}

const row: Row = { id: 1, share: 0.5, word: 'one', bytes: new Uint8Array([1]) };

describe('rowsFrom on SQLite', () => {
  it('returns every row unchanged, in order', async (t) => {
    const state = await temporaryState(t);
    await fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.array(anyRow, { maxLength: 12 }), async (rows) => {
        // zero has one sign in SQL
        const expected = rows.map((each) => ({ ...each, share: each.share === 0 ? 0 : each.share }));
        assert.deepEqual(await rowsRead(state, rows), expected);
      }),
    );
  });

  it('keeps integers up to 2^53 − 1 exact', async (t) => {
    const state = await temporaryState(t);
    for (const id of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      assert.deepEqual(await rowsRead(state, [{ ...row, id }]), [{ ...row, id }]);
    }
  });

  it('keeps a double that is a large whole number', async (t) => {
    const state = await temporaryState(t);
    for (const share of [2 ** 53, -1e16, 1e300]) assert.deepEqual(await rowsRead(state, [{ ...row, share }]), [{ ...row, share }]);
  });

  it('takes only the viewed bytes of a larger buffer', async (t) => {
    const state = await temporaryState(t);
    const bytes = new Uint8Array([9, 9, 1, 2, 9]).subarray(2, 4);
    assert.deepEqual(await rowsRead(state, [{ ...row, bytes }]), [{ ...row, bytes: new Uint8Array([1, 2]) }]);
  });

  it('feeds an insert that merges with existing rows', async (t) => {
    const state = await temporaryState(t);
    const found = await state.write(async (queries) => {
      await sql`create table sums (id bigint primary key, total bigint not null)`.execute(queries);
      for (const totals of [
        [1, 2],
        [2, 3],
      ]) {
        const rows = totals.map((total) => ({ id: total, total }));
        await sql`insert into sums (id, total) ${rowsFrom(queries, { id: 'bigint', total: 'bigint' }, rows)}
          on conflict (id) do update set total = sums.total + excluded.total`.execute(queries);
      }
      return (await sql`select id, total from sums order by id`.execute(queries)).rows;
    });
    assert.deepEqual(found, [
      { id: 1, total: 1 },
      { id: 2, total: 4 },
      { id: 3, total: 3 },
    ]);
  });
});

describe('rowsFrom', () => {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    it(`has the same text for any number of rows on ${dialect}, so that it is prepared once`, () => {
      const texts = [0, 1, 7].map(
        (count) => rowsFrom(compilers[dialect], columns, Array<Row>(count).fill(row)).compile(compilers[dialect]).sql,
      );
      assert.equal(new Set(texts).size, 1);
    });

    it(`refuses values that a column cannot hold on ${dialect}`, () => {
      const misfits: readonly object[] = [
        { id: Number.NaN },
        { id: 1.5 },
        { id: 2 ** 53 },
        { share: Number.POSITIVE_INFINITY },
        { share: '1' },
        { id: undefined },
        { word: 1 },
        { word: undefined },
        { bytes: 'AA' },
      ];
      for (const misfit of misfits) {
        const rows = [row, { ...row, ...misfit } as Row];
        assert.throws(() => rowsFrom(compilers[dialect], columns, rows), BrokenInvariant, inspect(misfit));
      }
    });
  }

  it('passes PostgreSQL one typed array per column', () => {
    const { sql: text, parameters } = rowsFrom(compilers.postgres, columns, [
      row,
      { ...row, id: 2, word: null },
      { ...row, id: null, word: 'say "\\"' },
    ]).compile(compilers.postgres);
    assert.match(text, /unnest\(\$1::bigint\[\], \$2::double precision\[\], \$3::text\[\], \$4::bytea\[\]\)/);
    assert.deepEqual(parameters, ['{1,2,null}', '{0.5,0.5,0.5}', '{"one",null,"say \\"\\\\\\""}', [row.bytes, row.bytes, row.bytes]]);
  });
});
