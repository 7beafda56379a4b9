/** Real servers for a test file: started when they can be had, else a skip that says why, or a failure where they are required. */
import { after, before, type TestContext } from 'node:test';
import pg from 'pg';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { upEngines } from '../../tools/engines.ts';

/** Engines named in KONTOR_TEST_REQUIRE (such as `postgres,rabbitmq`) must be there: CI sets it, so that no skip hides a loss. */
const required = new Set((process.env.KONTOR_TEST_REQUIRE ?? '').split(',').map((name) => name.trim()));

export type Availability = { readonly url: string; readonly skip: false } | { readonly url: ''; readonly skip: string };

/** The server stays up when the tests are over, for the next file: `npm run engines -- down` stops it. */
export async function engineFor(name: string): Promise<Availability> {
  try {
    const running = await upEngines([name]);
    return { url: running[name]?.url ?? '', skip: false };
  } catch (error) {
    if (required.has(name)) throw error;
    return { url: '', skip: `no ${name} here: ${(error as Error).message.split('\n')[0]}` };
  }
}

export interface TestDatabase {
  /** Empties it, whoever may still be connected, and resolves its URL. */
  emptied(): Promise<string>;
  /** A State in it, emptied; closed when the test is over. */
  state(t: TestContext): Promise<State>;
}

/** A database for one test file: emptied between tests, because dropping one each would make the server write a checkpoint each. */
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
