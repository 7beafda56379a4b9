/** PgBouncer in transaction mode, from its Debian package, before a PostgreSQL server or one of each node. */
import path from 'node:path';
import pg from 'pg';
import { freePort } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { softwareFor } from './software.ts';

/** Ends its clients' transactions at once, as a crash would: nothing of PgBouncer's own is lost. */
export const pgbouncerStop = { signal: 'SIGTERM', timeoutMs: 10_000 } as const;

const need = { packages: ['pgbouncer'], program: 'usr/sbin/pgbouncer' };
const readyTimeoutMs = 60_000;
/** Fewer than Kontor's connections, so that tests share them between clients. */
const serverConnections = 8;
const host = '127.0.0.1';

interface PgbouncerServer extends ServerProcess {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** `target` is the address of one PostgreSQL; its databases are offered under the same names. */
export async function startPgbouncer(place: EnginePlace, target: string): Promise<PgbouncerServer> {
  const { program, environment } = softwareFor(need, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const settingsFile = path.join(folder, 'settings.json');
  const plan: ProcessPlan = { name: 'pgbouncer', folder, command: program, args: [path.join(folder, 'pgbouncer.ini')], environment };
  const known = readJson<{ port: number }>(settingsFile)?.port;
  const port = runningProcess(plan) === undefined || known === undefined ? await freePort(known) : known;
  const { username, password, hostname, port: targetPort, pathname } = new URL(target);
  const url = `postgres://${username}:${password}@${host}:${port}${pathname}`;
  writeOwnedFile(settingsFile, JSON.stringify({ port }));
  writeOwnedFile(path.join(folder, 'users.txt'), `"${username}" "${password}"\n`);
  writeOwnedFile(
    path.join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${hostname} port=${targetPort}`,
      '[pgbouncer]',
      `listen_addr = ${host}`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${path.join(folder, 'users.txt')}`,
      'pool_mode = transaction',
      `default_pool_size = ${serverConnections}`,
      'max_client_conn = 500',
      // A server that is away is tried again soon.
      'server_login_retry = 1',
      'server_connect_timeout = 5',
      '',
    ].join('\n'),
  );
  const server: PgbouncerServer = {
    url,
    host,
    port,
    running: () => runningProcess(plan) !== undefined,
    async start() {
      if (runningProcess(plan) === undefined) await startEngineProcess(plan);
      await readyWhen(plan, readyTimeoutMs, () => answers(url));
    },
    async stop() {
      await stopProcess(plan, pgbouncerStop);
    },
    kill: () => killProcess(plan),
  };
  await server.start();
  return server;
}

async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}
