/** PostgreSQL servers on this machine: a primary, streaming replicas of it, and their promotion. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { asEngineUser, type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { type Software, softwareFor } from './software.ts';

/** PostgreSQL's fast shutdown: ends sessions, loses nothing. */
export const postgresStop = { signal: 'SIGINT', timeoutMs: 30_000 } as const;

export const postgresNeed = { packages: ['postgresql-15'], program: 'usr/lib/postgresql/*/bin/postgres' };
export const user = 'kontor';
export const database = 'kontor';
/** After a kill, it writes every file to the disk before it answers. */
const readyTimeoutMs = 180_000;

interface Settings {
  readonly port: number;
  readonly password: string;
}

export interface PostgresServer extends ServerProcess {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** Promotes a replica; resolves when it accepts writes. */
  promote(): Promise<void>;
}

/** A server with an empty database `kontor`; an existing one is started or left running. */
export async function startPostgres(place: EnginePlace): Promise<PostgresServer> {
  const software = softwareFor(postgresNeed, place.softwareFolder);
  ownedFolder(place.folder);
  const known = readJson<Settings>(settingsFile(place.folder));
  const settings = known ?? { port: await freePort(), password: randomBytes(16).toString('hex') };
  const data = path.join(place.folder, 'data');
  if (known === undefined) {
    rmSync(data, { recursive: true, force: true });
    const passwordFile = path.join(place.folder, 'password');
    writeOwnedFile(passwordFile, settings.password);
    runProgram(software, 'initdb', [
      '-D',
      data,
      '-U',
      user,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
    rmSync(passwordFile);
    writeOwnedFile(settingsFile(place.folder), JSON.stringify(settings));
  }
  const server = serverIn(place.folder, software);
  await server.start();
  return server;
}

/**
 * A streaming replica of `primary`. With `synchronous`, the primary acknowledges a commit only when the replica has it, too,
 * so that promoting it loses no acknowledged commit.
 */
export async function startPostgresReplica(
  place: EnginePlace,
  primary: PostgresServer,
  options: { readonly synchronous: boolean },
): Promise<PostgresServer> {
  const software = softwareFor(postgresNeed, place.softwareFolder);
  ownedFolder(place.folder);
  const isNew = readJson<Settings>(settingsFile(place.folder)) === undefined;
  if (isNew) {
    const data = path.join(place.folder, 'data');
    rmSync(data, { recursive: true, force: true });
    const password = decodeURIComponent(new URL(primary.url).password);
    runProgram(software, 'pg_basebackup', ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', primary.url]);
    writeOwnedFile(settingsFile(place.folder), JSON.stringify({ port: await freePort(), password }));
  }
  const server = serverIn(place.folder, software);
  await server.start();
  if (isNew && options.synchronous) {
    await query(primary.url, "alter system set synchronous_standby_names = '*'");
    await query(primary.url, 'select pg_reload_conf()');
  }
  return server;
}

/** One URL for both: the client uses the writable one. */
export function multiHostUrl(servers: readonly Pick<PostgresServer, 'url' | 'host' | 'port'>[]): string {
  const [first] = servers;
  if (first === undefined) throw new Error('A URL needs at least one server.');
  return first.url.replace(`${first.host}:${first.port}`, servers.map((server) => `${server.host}:${server.port}`).join(','));
}

function serverIn(folder: string, software: Software): PostgresServer {
  const settings = readJson<Settings>(settingsFile(folder));
  if (settings === undefined) throw new Error(`${folder} holds no PostgreSQL server.`);
  let port = settings.port;
  const host = '127.0.0.1';
  const url = (name: string) => `postgres://${user}:${settings.password}@${host}:${port}/${name}`;

  const plan = (): ProcessPlan => ({
    name: 'postgres',
    folder,
    command: software.program,
    args: ['-D', path.join(folder, 'data'), ...Object.entries(serverOptions(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    environment: software.environment,
  });

  return {
    get url() {
      return url(database);
    },
    host,
    get port() {
      return port;
    },
    folder,
    running: () => runningProcess({ name: 'postgres', folder }) !== undefined,
    async start() {
      if (runningProcess(plan()) === undefined) {
        port = await freePort(settings.port);
        if (port !== settings.port) writeOwnedFile(settingsFile(folder), JSON.stringify({ ...settings, port }));
        await startEngineProcess(plan());
      }
      await readyWhen(plan(), readyTimeoutMs, () => haveDatabase(url('postgres')));
    },
    async stop() {
      await stopProcess(plan(), postgresStop);
    },
    kill: () => killProcess(plan()),
    async promote() {
      await query(url(database), 'select pg_promote(true, 30)');
    },
  };
}

/** Durability is as in production (fsync and full pages are on); only what listens and how much memory it takes is set. */
function serverOptions(port: number): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '4GB',
    wal_keep_size: '256MB',
    checkpoint_timeout: '15min',
  };
}

/** Makes the database where it is missing; a replica gets it from its primary. */
export async function haveDatabase(url: string): Promise<void> {
  const [state] = await query(
    url,
    `select pg_is_in_recovery() as replica, exists (select from pg_database where datname = '${database}') as there`,
  );
  if (state?.replica === false && state.there === false) await query(url, `create database ${database}`);
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that dies rejects the query; without a listener, the socket's error would also end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query(text);
    return result.rows as Record<string, unknown>[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}

function runProgram(software: Software, name: string, args: readonly string[]): void {
  const program = path.join(path.dirname(software.program), name);
  const line = asEngineUser(existsSync(program) ? program : name, args);
  try {
    execFileSync(line.command, line.args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...software.environment },
    });
  } catch (error) {
    throw new Error(`${name} failed: ${(error as { stderr?: string }).stderr ?? (error as Error).message}`);
  }
}
