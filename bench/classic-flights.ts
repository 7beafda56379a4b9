/** The classic stack beside which flights are measured: Flask under gunicorn with memcached and PostgreSQL, in a private Python environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#cluster/free-port.ts';
import { enginesFolder, madeFolder } from '../tools/engines/place.ts';
import { pythonPrograms } from '../tools/engines/python.ts';

const sources = path.join(import.meta.dirname, 'classic');
const startLimitMs = 20_000;
/** The workers that keep connections open, which gunicorn's plain ones do not. */
const serving = ['--workers', '2', '--worker-class', 'gthread', '--threads', '4', '--keep-alive', '60'];

export interface ClassicStack {
  readonly port: number;
  stop(): Promise<void>;
}

/** On the tables of Kontor's flights in the database, and a memcached at `memcached`, such as `127.0.0.1:11211`. */
export async function startClassicFlights({ databaseUrl, memcached }: { databaseUrl: string; memcached: string }): Promise<ClassicStack> {
  const environment = path.join(madeFolder(path.join(enginesFolder(), 'software')), 'classic-flights');
  const gunicorn = path.join(pythonPrograms(environment, 'gunicorn', ['-r', path.join(sources, 'requirements.txt')]), 'gunicorn');
  const port = await freePort();
  const child = spawn(gunicorn, [...serving, '--bind', `127.0.0.1:${port}`, 'flights:app'], {
    cwd: sources,
    env: { ...process.env, DATABASE_URL: databaseUrl, MEMCACHED: memcached, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilAnswering(child, port);
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilAnswering(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + startLimitMs;
  while (child.exitCode === null && performance.now() < until) {
    // Without a date it answers 400, which is an answer.
    const answer = await fetch(`http://127.0.0.1:${port}/search`).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the classic stack did not answer within ${startLimitMs} ms`);
}
