/** pgbench, the peer of figures on PostgreSQL, and temporary databases to run on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { softwareFor } from '../tools/engines/software.ts';
import { placeOf, upEngines } from '../tools/engines.ts';

const need = { packages: ['postgresql-15'], program: 'usr/lib/postgresql/*/bin/pgbench' };
const run = promisify(execFile);

/** A database that is dropped afterwards, on the server that the tests use, too. */
export async function withPostgresDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const { postgres } = await upEngines(['postgres']);
  if (!postgres) throw new Error('PostgreSQL did not start');
  const name = `kontor_bench_${process.pid}`;
  await query(postgres.url, `create database ${name}`);
  try {
    return await work(postgres.url.replace(/\/[^/]*$/, `/${name}`));
  } finally {
    await query(postgres.url, `drop database ${name} with (force)`);
  }
}

/** Transactions a second of the TPC-B-like script: three updates, a read and an insert each, on a hundred thousand accounts a scale. */
export async function pgbenchTpcb(url: string, options: { readonly clients: number; readonly seconds: number }): Promise<number> {
  const software = softwareFor(need, placeOf('postgres').softwareFolder);
  const environment = { env: { ...process.env, ...software.environment }, maxBuffer: 10_000_000 };
  await run(software.program, ['--initialize', '--scale=10', '--quiet', url], environment);
  const timed = ['--protocol=prepared', '--no-vacuum', `--client=${options.clients}`, '--jobs=2', `--time=${options.seconds}`];
  const { stdout } = await run(software.program, [...timed, url], environment);
  return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
