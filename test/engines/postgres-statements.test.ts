/** Statements on a real PostgreSQL server: prepared once per connection, and sent together when they do not wait for each other. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('statements on PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  async function open(t: TestContext, url: string) {
    const clock = manualClock({ flowing: true });
    const state = await openPostgresState({ url, clock, log: silentLog(), maxConnections: 1 });
    t.after(() => state.close());
    return state;
  }

  it('are prepared once per connection, and again when their table was changed', async (t) => {
    const url = await database.emptied();
    const [state, other] = [await open(t, url), await open(t, url)];
    await state.write((queries) => sql`create table growing (id integer)`.execute(queries));
    await state.write((queries) => sql`insert into growing values (1)`.execute(queries));
    const rows = async () => (await state.read((queries) => sql`select * from growing`.execute(queries))).rows;
    const prepared = async () =>
      (await state.read((queries) => sql`select from pg_prepared_statements where statement = 'select * from growing'`.execute(queries)))
        .rows;
    assert.deepEqual(await rows(), [{ id: 1 }]);
    assert.equal((await prepared()).length, 1);
    await rows();
    assert.equal((await prepared()).length, 1);
    await other.write((queries) => sql`alter table growing add column size integer default 7`.execute(queries));
    assert.deepEqual(await rows(), [{ id: 1, size: 7 }]);
  });

  it('issued together run in order, each seeing the effects of the one before', async (t) => {
    const state = await open(t, await database.emptied());
    await state.write((queries) => sql`create table steps (step integer)`.execute(queries));
    const add = async (queries: Queries, step: number) => {
      const { rows } = await sql<{ before: number }>`with added as (insert into steps values (${step}) returning step)
        select (select count(*) from steps) as before from added`.execute(queries);
      return rows[0]?.before;
    };
    const seen = await state.write((queries) => Promise.all([0, 1, 2, 3, 4].map((step) => add(queries, step))));
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  });

  it('issued together with a failing one are rolled back, and the connection stays usable', async (t) => {
    const state = await open(t, await database.emptied());
    await state.write((queries) => sql`create table kept (id integer)`.execute(queries));
    const failing = state.write((queries) =>
      Promise.all([
        sql`insert into kept values (1)`.execute(queries),
        sql`select 1 / 0`.execute(queries),
        sql`insert into kept values (2)`.execute(queries),
      ]),
    );
    await assert.rejects(failing, /division by zero/);
    assert.deepEqual((await state.read((queries) => sql`select * from kept`.execute(queries))).rows, []);
  });
});
