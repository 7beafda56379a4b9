/** The PostgreSQL State keeps every promise of the State port, on a real server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { stateOn } from '#testkit/contracts/state-world.ts';
import { silentLog } from '#testkit/log.ts';
import { databaseOn, engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const postgres = stateOn({
    open: openPostgresState,
    module: import.meta.resolve('#engines/state/postgres.ts'),
    address: async () => ({ url: await database.emptied() }),
  });

  stateContract('postgres', postgres);

  it('prepares a statement once a connection, and anew when its table was changed by somebody else', async (t) => {
    const url = await database.emptied();
    const open = async () => {
      const state = await openPostgresState({ url, clock: manualClock({ flowing: true }), log: silentLog(), maxConnections: 1 });
      t.after(() => state.close());
      return state;
    };
    const [state, other] = [await open(), await open()];
    await state.write((queries) => sql`create table growing (id integer)`.execute(queries));
    await state.write((queries) => sql`insert into growing values (1)`.execute(queries));
    const rows = async () => (await state.read((queries) => sql`select * from growing`.execute(queries))).rows;
    assert.deepEqual(await rows(), [{ id: 1 }]);
    const prepared = () =>
      state.read((queries) => sql`select from pg_prepared_statements where statement like '%growing'`.execute(queries));
    assert.equal((await prepared()).rows.length, 1);
    await rows();
    assert.equal((await prepared()).rows.length, 1);
    await other.write((queries) => sql`alter table growing add column size integer default 7`.execute(queries));
    assert.deepEqual(await rows(), [{ id: 1, size: 7 }]);
  });
});
