/** Core's SQL on every engine of the State: request keys, pages of lists, and the dialect of queries. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fastCheck from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { isAfter, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { type Claim, createRequestTable, type KeyedRequest, type RequestTable, requestKeys } from '#core/request-keys.ts';
import { isAmong } from '#core/sql/among.ts';
import { type Dialect, dialectOf } from '#core/sql/dialect.ts';
import { asciiLower, beginsWith, createPrefixIndex, lowered } from '#core/sql/prefix.ts';

/** `open` returns a fresh, empty State that is closed after the test. */
export function coreSqlContract(name: string, dialect: Dialect, open: (t: TestContext) => Promise<State>): void {
  describe(`request keys: ${name}`, () => {
    requestKeyTests(open, 'a table of the default columns', { table: 'request' });
    const columns = { scope: 'account_id', key: 'request_key', bodyHash: 'hash', answer: 'order_id', at: 'placed_at' };
    requestKeyTests(open, 'a table with columns of its own', { table: 'other_request', columns });

    it('need no scope when the table has none', async (t) => {
      const columns = { scope: null, key: 'key', bodyHash: 'body_hash', answer: 'answer', at: 'at' };
      const { keys, state } = await openTable(open, t, { table: 'trades_request', columns });
      const request = { key: 'k1', bodyHash: 'b1', answer: 'a1' };
      const claim = (one: KeyedRequest) => state.write((queries) => keys.claim(queries, [one], 1));
      assert.deepEqual(await claim(request), [{ outcome: 'new', answer: 'a1' }]);
      assert.deepEqual(await claim({ ...request, answer: 'a2' }), [{ outcome: 'repeated', answer: 'a1' }]);
      await state.write((queries) => keys.setAnswers(queries, [{ key: 'k1', answer: 'a3' }]));
      assert.deepEqual(await claim(request), [{ outcome: 'repeated', answer: 'a3' }]);
      await state.write((queries) => keys.forget(queries, [{ key: 'k1' }]));
      assert.deepEqual(await claim(request), [{ outcome: 'new', answer: 'a1' }]);
      assert.equal(await state.write((queries) => keys.prune(queries, 2, 10)), 1);
    });
  });

  placeTests(name, open);

  describe(`queries: ${name}`, () => {
    it('report their dialect with any tables', async (t) => {
      const state = await open(t);
      const told = async (queries: Queries) => [dialectOf(queries), dialectOf(queries.withTables<{ fruit: { id: string } }>())];
      assert.deepEqual(await state.read(told), [dialect, dialect]);
      assert.deepEqual(await state.write(told), [dialect, dialect]);
    });

    it('find the rows with one of many values', async (t) => {
      const state = await open(t);
      const found = await state.write(async (queries) => {
        await sql`create table fruit (id text primary key)`.execute(queries);
        await sql`insert into fruit values ('apple'), ('fig'), ('plum')`.execute(queries);
        const tables: Kysely<{ fruit: { id: string } }> = queries.withTables();
        return tables
          .selectFrom('fruit')
          .selectAll()
          .where(isAmong(queries, 'id', ['plum', 'apple', 'pear']))
          .orderBy('id')
          .execute();
      });
      assert.deepEqual(found, [{ id: 'apple' }, { id: 'plum' }]);
    });

    it('find texts by their beginning, byte by byte, through an index', async (t) => {
      const state = await open(t);
      const name = (queries: Queries) => lowered(queries, sql.raw('name'));
      await state.write(async (queries) => {
        await sql`create table person (name text not null)`.execute(queries);
        await createPrefixIndex(queries, 'person_by_name', 'person', name(queries));
        for (const each of ['Ann', 'anna Ö', 'An-na', 'Änne', 'ann_x', 'Bob'])
          await sql`insert into person values (${each})`.execute(queries);
      });
      const found = async (prefix: string) => {
        const { rows } = await state.read((queries) =>
          sql<{ name: string }>`select name from person where ${beginsWith(queries, name(queries), asciiLower(prefix))}`.execute(queries),
        );
        return rows.map((row) => row.name).sort();
      };
      assert.deepEqual(await found('ANN'), ['Ann', 'ann_x', 'anna Ö']);
      assert.deepEqual(await found('ann_'), ['ann_x']);
      assert.deepEqual(await found('Än'), ['Änne']);
      assert.deepEqual(await found('%'), []);
    });
  });
}

async function openTable(open: (t: TestContext) => Promise<State>, t: TestContext, table: RequestTable) {
  const state = await open(t);
  await state.write(async (queries) => {
    const { columns } = table;
    if (columns === undefined) return createRequestTable(queries, table.table);
    const names = [columns.scope, columns.key].filter((column) => column !== null).map((column) => sql.ref(column));
    const texts = [...names, sql.ref(columns.bodyHash), sql.ref(columns.answer)].map((column) => sql`${column} text not null`);
    await sql`create table ${sql.table(table.table)} (${sql.join(texts)}, ${sql.ref(columns.at)} bigint not null,
      primary key (${sql.join(names)}))`.execute(queries);
  });
  return { state, keys: requestKeys(table) };
}

function requestKeyTests(open: (t: TestContext) => Promise<State>, where: string, table: RequestTable): void {
  const request = (key: string, body: string, answer = `${key} done`): KeyedRequest => ({ scope: 'shop', key, bodyHash: body, answer });

  describe(`in ${where}`, () => {
    async function openKeys(t: TestContext) {
      const { state, keys } = await openTable(open, t, table);
      const claim = (requests: readonly KeyedRequest[], now = 1) => state.write((queries) => keys.claim(queries, requests, now));
      return { state, keys, claim };
    }

    it('claims many in one call, and returns the claims in order', async (t) => {
      const { claim } = await openKeys(t);
      await claim([request('b', 'body', 'first b'), request('c', 'body')]);
      assert.deepEqual(await claim([request('c', 'other'), request('a', 'body'), request('b', 'body')]), [
        { outcome: 'conflict' },
        { outcome: 'new', answer: 'a done' },
        { outcome: 'repeated', answer: 'first b' },
      ]);
    });

    it('claims nothing without requests', async (t) => {
      const { claim } = await openKeys(t);
      assert.deepEqual(await claim([]), []);
    });

    it('of two in one call, the first is new, and the second gets its answer or a conflict', async (t) => {
      const { claim } = await openKeys(t);
      assert.deepEqual(await claim([request('a', 'body', 'one'), request('a', 'body', 'two'), request('a', 'other', 'three')]), [
        { outcome: 'new', answer: 'one' },
        { outcome: 'repeated', answer: 'one' },
        { outcome: 'conflict' },
      ]);
    });

    it('the same key in another scope is another request', async (t) => {
      const { claim } = await openKeys(t);
      await claim([request('a', 'body')]);
      const [other] = await claim([{ ...request('a', 'other body'), scope: 'people' }]);
      assert.equal(other?.outcome, 'new');
    });

    it('a claim is undone with its transaction', async (t) => {
      const { state, keys, claim } = await openKeys(t);
      const failing = state.write(async (queries) => {
        await keys.claim(queries, [request('a', 'body')], 1);
        throw new Error('changed my mind');
      });
      await assert.rejects(failing, /changed my mind/);
      assert.equal((await claim([request('a', 'other')]))[0]?.outcome, 'new');
    });

    it('of concurrent claims of one key, one is new and all get its answer', async (t) => {
      const { claim } = await openKeys(t);
      const rounds = Array.from({ length: 8 }, (_, index) => [request('b', 'body', `b ${index}`), request('a', 'body', `a ${index}`)]);
      const claims = await Promise.all(rounds.map((both, index) => claim(index % 2 === 0 ? both : both.toReversed())));
      for (const key of ['a', 'b']) {
        const ofKey = claims.flat().filter((one) => one.outcome !== 'conflict' && one.answer.startsWith(key));
        assert.equal(ofKey.length, 8);
        assert.equal(ofKey.filter(({ outcome }) => outcome === 'new').length, 1);
        assert.equal(new Set(ofKey.map((one) => one.outcome !== 'conflict' && one.answer)).size, 1);
      }
    });

    it('an answer that is set later is returned to repeated requests', async (t) => {
      const { state, keys, claim } = await openKeys(t);
      await state.write(async (queries) => {
        await keys.claim(queries, [request('a', 'body'), request('b', 'body')], 1);
        await keys.setAnswers(queries, [
          { scope: 'shop', key: 'b', answer: 'late b' },
          { scope: 'shop', key: 'never asked', answer: '' },
        ]);
        await keys.setAnswers(queries, []);
      });
      assert.deepEqual(await claim([request('a', 'body'), request('b', 'body')]), [
        { outcome: 'repeated', answer: 'a done' },
        { outcome: 'repeated', answer: 'late b' },
      ]);
    });

    it('a forgotten request may be made with another body', async (t) => {
      const { state, keys, claim } = await openKeys(t);
      await claim([request('a', 'body'), request('b', 'body')]);
      await state.write(async (queries) => {
        await keys.forget(queries, []);
        await keys.forget(queries, [{ scope: 'shop', key: 'a' }]);
      });
      const outcomes = (await claim([request('a', 'other'), request('b', 'other')])).map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, ['new', 'conflict']);
    });

    it('the oldest are pruned, a bounded number per call', async (t) => {
      const { state, keys, claim } = await openKeys(t);
      for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) await claim([request(key, 'body')], at);
      const prune = (limit: number) => state.write((queries) => keys.prune(queries, 3, limit));
      assert.deepEqual([await prune(2), await prune(2), await prune(2)], [2, 1, 0]);
      const outcomes = (await claim(['a', 'b', 'c', 'd'].map((key) => request(key, 'body')))).map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, ['new', 'new', 'new', 'repeated']);
    });

    it('behave like a map for any requests', async (t) => {
      const { state, keys, claim } = await openKeys(t);
      const model = new Map<string, { body: string; answer: string }>();
      const anyRequest = fastCheck.tuple(fastCheck.constantFrom('a', 'b', '"', '\\', "'"), fastCheck.constantFrom('x', 'y'));
      await fastCheck.assert(
        fastCheck.asyncProperty(fastCheck.array(anyRequest, { maxLength: 6 }), fastCheck.boolean(), async (asked, forgets) => {
          const requests = asked.map(([key, body], index) => request(key, body, `${key}${index}`));
          const expected = requests.map(({ key, bodyHash, answer }): Claim => {
            const known = model.get(key);
            if (known === undefined) model.set(key, { body: bodyHash, answer });
            if (known === undefined) return { outcome: 'new', answer };
            return known.body === bodyHash ? { outcome: 'repeated', answer: known.answer } : { outcome: 'conflict' };
          });
          assert.deepEqual(await claim(requests), expected);
          if (!forgets) return;
          await state.write((queries) => keys.forget(queries, requests));
          for (const { key } of requests) model.delete(key);
        }),
        { numRuns: 30 },
      );
    });
  });
}

type Places = { place: { rank: number; id: string } };

function placeTests(name: string, open: (t: TestContext) => Promise<State>): void {
  const cursor = pageCursor('places', ['integer', 'text']);

  async function wholeList(state: State, direction: 'asc' | 'desc', limit: number): Promise<readonly string[]> {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const rows = await state.read((queries) =>
        queries
          .withTables<Places>()
          .selectFrom('place')
          .selectAll()
          .where(isAfter(['rank', 'id'], direction, cursor.read(after)))
          .orderBy('rank', direction)
          .orderBy('id', direction)
          .limit(limit + 1)
          .execute(),
      );
      const page = pageOf(rows, limit, ({ rank, id }) => cursor.write([rank, id]));
      assert.ok(page.items.length === limit || page.next === null);
      ids.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return ids;
  }

  describe(`pages: ${name}`, () => {
    it('return each row once and in order, in both directions and for any limit', async (t) => {
      const state = await open(t);
      const rows = Array.from({ length: 13 }, (_, index) => ({ rank: Math.floor(index / 4), id: `id ${index % 4}-${index}` }));
      await state.write(async (queries) => {
        await sql`create table place (rank bigint not null, id text primary key)`.execute(queries);
        await queries.withTables<Places>().insertInto('place').values(rows).execute();
      });
      const ids = rows.map(({ id }) => id);
      for (const limit of [1, 2, 4, 12, 13, 14]) {
        assert.deepEqual(await wholeList(state, 'asc', limit), ids);
        assert.deepEqual(await wholeList(state, 'desc', limit), ids.toReversed());
      }
    });
  });
}
