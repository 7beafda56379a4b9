/** Writes that arrive together share one commit; a failed write or a full disk does not affect acknowledged writes. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { openSqliteState } from '../state/sqlite.ts';

async function openState(t: TestContext): Promise<State> {
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock: manualClock(), log: silentLog() });
  t.after(() => state.close());
  await state.write(async (queries) => {
    await sql`create table record (id integer primary key, body blob)`.execute(queries);
  });
  return state;
}

async function insert(queries: Queries, id: number, bytes = 0): Promise<number> {
  await sql`insert into record (id, body) values (${id}, zeroblob(${bytes}))`.execute(queries);
  return id;
}

async function ids(queries: Queries): Promise<number[]> {
  return (await sql<{ id: number }>`select id from record order by id`.execute(queries)).rows.map(({ id }) => id);
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('writes that arrive together', () => {
  it('are committed together: a hundred share one commit, and those that arrive during it another', async (t) => {
    const state = await openState(t);
    let commits = 0;
    t.after(state.onChange(() => (commits += 1)));
    await Promise.all(numbers(1, 100).map((id) => state.write((queries) => insert(queries, id))));
    assert.equal(commits, 1);
    await state.write((queries) => insert(queries, 101));
    assert.equal(commits, 2);
    assert.deepEqual(await state.read(ids), numbers(1, 101));
  });

  it('resolve only when the whole group is durable', async (t) => {
    const state = await openState(t);
    const seen = await Promise.all(numbers(1, 20).map((id) => state.write((queries) => insert(queries, id)).then(() => state.read(ids))));
    for (const stored of seen) assert.deepEqual(stored, numbers(1, 20));
  });

  it('a failed one stores nothing and does not affect the others', async (t) => {
    const state = await openState(t);
    const outcomes = await Promise.allSettled(
      numbers(1, 9).map((id) =>
        state.write(async (queries) => {
          await insert(queries, id);
          if (id % 3 === 0) await insert(queries, id);
          return id;
        }),
      ),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      numbers(1, 9).map((id) => (id % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    assert.deepEqual(await state.read(ids), [1, 2, 4, 5, 7, 8]);
  });

  it('on a full disk: rejected ones are not stored, resolved ones are, and writes continue when there is room', async (t) => {
    const state = await openState(t);
    const allow = (pages: number) => state.write((queries) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(queries));
    await allow(20);
    const outcomes = await Promise.allSettled(
      numbers(1, 30).map((id) => state.write((queries) => insert(queries, id, id % 7 === 0 ? 200_000 : 100))),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    assert.ok(refused.length >= 4, `${refused.length} writes were refused`);
    for (const reason of refused) assert.ok(reason instanceof KontorError && reason.code === 'storage_full', String(reason));
    const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    assert.ok(done.length > 0, 'small writes beside them were done');
    assert.deepEqual(await state.read(ids), done);
    await allow(1_000);
    await state.write((queries) => insert(queries, 100, 200_000));
    assert.deepEqual(await state.read(ids), [...done, 100]);
  });
});

describe('queries of a transaction', () => {
  it('that outlive it do not reach the next one', async (t) => {
    const state = await openState(t);
    let leaked: Queries | undefined;
    await state.write(async (queries) => {
      leaked = queries;
    });
    assert.ok(leaked);
    await assert.rejects(insert(leaked, 1), (error: unknown) => error instanceof KontorError && error.code === 'timed_out');
    assert.deepEqual(await state.read(ids), []);
  });

  it('cannot begin a transaction, nor stream with the snapshot held open', async (t) => {
    const state = await openState(t);
    await assert.rejects(
      state.write((queries) => queries.transaction().execute(async () => {})),
      /already runs in a transaction/,
    );
    await assert.rejects(
      state.read(async (queries) => {
        for await (const _row of queries.withTables<{ record: { id: number } }>().selectFrom('record').select('id').stream()) break;
      }),
      /page through the rows/,
    );
  });
});
