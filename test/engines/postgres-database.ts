/** A PostgreSQL database for one test file, emptied between its tests. */
import { after, before, type TestContext } from 'node:test';
import pg from 'pg';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import type { Availability } from './require-engine.ts';

export interface TestDatabase {
  /** Empties it, ending open connections, and returns its URL. */
  emptied(): Promise<string>;
  /** A State in it, emptied first and closed after the test. */
  state(t: TestContext): Promise<State>;
}

/** One database per test file, emptied between tests: dropping one per test would make the server write a checkpoint each time. */
export function databaseOn(server: Availability): TestDatabase {
  const name = `kontor_test_${process.pid}`;
  const url = server.url.replace(/\/[^/]*$/, `/${name}`);
  if (server.skip === false) {
    before(() => withClient(server.url, (client) => client.query(`create database ${name}`)));
    after(() => withClient(server.url, (client) => client.query(`drop database ${name} with (force)`)));
  }
  const emptied = async () => {
    await withClient(url, async (client) => {
      await client.query(
        'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await client.query('drop schema public cascade; create schema public');
    });
    return url;
  };
  return {
    emptied,
    async state(t) {
      const state = await openPostgresState({ url: await emptied(), clock: manualClock({ flowing: true }), log: silentLog() });
      t.after(() => state.close());
      return state;
    },
  };
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
