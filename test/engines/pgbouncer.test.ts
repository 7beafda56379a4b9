/** PostgreSQL behind PgBouncer in transaction mode: the contracts hold, kills lose nothing, and nothing is left in its sessions. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import type { ServerProcess } from '#cluster/processes.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openPostgresStream } from '#engines/stream/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { stateContract } from '#testkit/contracts/state.ts';
import { stateOn } from '#testkit/contracts/state-world.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { streamOn } from '#testkit/contracts/stream-world.ts';
import { addAccount, balances, exampleMigrations } from '#testkit/example-schema.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { startPgbouncer } from '../../tools/engines/pgbouncer.ts';
import { madeFolder, writeOwnedFile } from '../../tools/engines/place.ts';
import { multiHostUrl, type PostgresServer, startPostgres, startPostgresReplica } from '../../tools/engines/postgres.ts';
import { placeOf } from '../../tools/engines.ts';
import { killDuringCheckouts } from '../faults/checkout-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('pgbouncer');

describe('PostgreSQL behind PgBouncer', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const address = async () => ({ url: await database.emptied() });
  const stateModule = import.meta.resolve('#engines/state/postgres.ts');

  stateContract('pgbouncer', stateOn({ open: openPostgresState, module: stateModule, address }));
  streamContract('pgbouncer', streamOn({ open: openPostgresStream, module: import.meta.resolve('#engines/stream/postgres.ts'), address }));

  it('kills during checkouts sell nothing twice, charge nothing twice, and lose no order', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killDuringCheckouts(t, state, { module: stateModule, name: 'openPostgresState', options: { url } });
  });

  it('a primary that becomes a replica behind its PgBouncer: reads and writes go to the new primary', async (t) => {
    const [primary, replica] = await pairWithPoolers(t);
    const ports = { clock: realClock, log: silentLog() };
    const state = await openPostgresState({ url: multiHostUrl([primary.pooler, replica.pooler]), ...ports });
    t.after(() => state.close());
    await state.migrate(exampleMigrations);
    await state.write((queries) => addAccount(queries, 'before', 1));
    await replica.server.promote();
    await primary.server.stop();
    writeOwnedFile(path.join(primary.server.folder, 'data/standby.signal'), '');
    await primary.server.start();
    const elsewhere = await openPostgresState({ url: replica.server.url, ...ports });
    t.after(() => elsewhere.close());
    await elsewhere.write((queries) => addAccount(queries, 'afterwards', 1));
    assert.deepEqual(await state.read(balances), { before: 1, afterwards: 1 }, 'as the new primary has it');
    await state.write((queries) => addAccount(queries, 'at last', 1));
    assert.deepEqual(Object.keys(await elsewhere.read(balances)).sort(), ['afterwards', 'at last', 'before']);
  });

  it('leaves no settings and no statements in the sessions of the server, which others use next', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    const stream = await openPostgresStream({ url, clock: realClock, holder: processHolder('test'), log: silentLog() });
    t.after(() => stream.close());
    await stream.declare({ name: 'tape', keepMs: 0, keepBytes: 0, maxBacklogBytes: 10_000_000 });
    await stream.consume('tape', 'readers', async () => 'done');
    await state.write((queries) => sql`create table visits (id integer)`.execute(queries));
    await Promise.all(Array.from({ length: 30 }, () => state.write((queries) => sql`insert into visits values (1)`.execute(queries))));
    // At the same moment, so that each has a session of its own.
    const visitors = await Promise.all(Array.from({ length: 6 }, () => connected(t, url)));
    for (const { rows } of await Promise.all(visitors.map((visitor) => visitor.query(leftovers)))) assert.deepEqual(rows, []);
  });
});

const leftovers = `select name || ' = ' || setting as left from pg_settings, pg_sleep(0.2)
    where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit') and setting <> reset_val
  union all select name from pg_prepared_statements
  union all select pg_listening_channels()`;

/** A primary and its synchronous replica, each behind a PgBouncer of its own. */
async function pairWithPoolers(t: TestContext) {
  const { softwareFolder } = placeOf('pgbouncer');
  const folder = madeFolder(path.join(softwareFolder, `test-poolers-${process.pid}`));
  const started: ServerProcess[] = [];
  t.after(async () => {
    for (const one of started) await one.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const place = (name: string) => ({ folder: path.join(folder, name), softwareFolder });
  const behindPooler = async (server: PostgresServer, name: string) => {
    started.push(server);
    const pooler = await startPgbouncer(place(name), server.url);
    started.push(pooler);
    return { server, pooler };
  };
  const primary = await behindPooler(await startPostgres(place('primary')), 'pooler-1');
  const replica = await startPostgresReplica(place('replica'), primary.server, { synchronous: true });
  return [primary, await behindPooler(replica, 'pooler-2')] as const;
}

async function connected(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  t.after(() => client.end());
  await client.connect();
  return client;
}
