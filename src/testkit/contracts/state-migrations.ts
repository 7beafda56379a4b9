/** The State contract's tests of migrations. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from 'kysely';
import type { Migration } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { balances, exampleMigrations } from '../example-schema.ts';
import type { StateContract } from './state-world.ts';

const ids = exampleMigrations.map((migration) => migration.id);

export function migrationTests(contract: StateContract): void {
  it('migrate applies missing migrations in order, and returns the ids that it applied', async (t) => {
    const { state } = await contract.open(t);
    assert.deepEqual(await state.pending(exampleMigrations), ids);
    assert.deepEqual(await state.migrate(exampleMigrations.slice(0, 1)), ids.slice(0, 1));
    assert.deepEqual(await state.pending(exampleMigrations), ids.slice(1));
    assert.deepEqual(await state.migrate(exampleMigrations), ids.slice(1), 'only what was missing');
    assert.deepEqual(await state.pending(exampleMigrations), []);
    assert.deepEqual(await state.migrate(exampleMigrations), [], 'a second time changes nothing');
    assert.deepEqual(await state.read(balances), {});
  });

  it('migrations are remembered when the data is opened again', async (t) => {
    const world = await contract.open(t);
    await world.state.migrate(exampleMigrations);
    const again = await world.reopen();
    assert.deepEqual(await again.migrate(exampleMigrations), []);
  });

  it('the queries of a migration report their dialect', async (t) => {
    const { state } = await contract.open(t);
    const dialects: string[] = [];
    const migration: Migration = { id: 'dialect-001', up: async (queries) => void dialects.push(dialectOf(queries)) };
    await state.migrate([migration]);
    assert.deepEqual(dialects, [await state.read(async (queries) => dialectOf(queries))]);
  });

  it('two migrators at once apply each migration once, under a lock', async (t) => {
    const world = await contract.open(t);
    const second = await world.openSecond();
    const applied = await Promise.all([world.state, second, world.state, second].map((state) => state.migrate(exampleMigrations)));
    assert.deepEqual(applied.flat().sort(), [...ids].sort(), 'each by exactly one of them');
    assert.deepEqual(await second.pending(exampleMigrations), []);
  });

  it('a failed migration changes nothing, and is applied once it is corrected', async (t) => {
    const { state } = await contract.open(t);
    const broken: Migration = {
      id: 'example-003-broken',
      async up(queries) {
        await queries.schema.createTable('example_half').addColumn('id', 'text').execute();
        await sql`insert into nowhere values (1)`.execute(queries);
      },
    };
    await assert.rejects(state.migrate([...exampleMigrations, broken]));
    assert.ok((await state.pending([...exampleMigrations, broken])).includes(broken.id));
    const mended: Migration = {
      id: broken.id,
      up: (queries) => queries.schema.createTable('example_half').addColumn('id', 'text').execute(),
    };
    const applied = await state.migrate([...exampleMigrations, mended]);
    assert.ok(applied.includes(mended.id));
    assert.deepEqual(await state.pending([...exampleMigrations, mended]), []);
  });

  it('two migrations with the same id are refused', async (t) => {
    const { state } = await contract.open(t);
    const nothing = async () => {};
    await assert.rejects(
      state.migrate([
        { id: 'twice-001', up: nothing },
        { id: 'twice-001', up: nothing },
      ]),
      /twice-001/,
    );
  });
}
