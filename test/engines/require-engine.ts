/** Real servers for a test file: started when they can be had, else a skip that says why, or a failure where they are required. */
import { after } from 'node:test';
import pg from 'pg';
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

export interface Databases {
  /** An empty database of its own, as a URL. */
  create(): Promise<string>;
}

/** Fresh databases on one server, all dropped when the test file is over. */
export function databasesOn(url: string): Databases {
  const names: string[] = [];
  after(async () => {
    await withClient(url, async (client) => {
      for (const name of names) await client.query(`drop database if exists ${name} with (force)`);
    });
  });
  return {
    async create() {
      const name = `kontor_test_${process.pid}_${names.length + 1}`;
      names.push(name);
      await withClient(url, (client) => client.query(`create database ${name}`));
      return url.replace(/\/[^/]*$/, `/${name}`);
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
