/**
 * FerretDB on this machine: a real server that speaks MongoDB's protocol and keeps what it is told in PostgreSQL. Built once by Go
 * from its module, which takes minutes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { answersAsMongodb } from './mongodb.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { type PostgresServer, postgresStop, startPostgres } from './postgres.ts';

const ferretdbStop = { signal: 'SIGTERM', timeoutMs: 15_000 } as const;

const version = 'v1.24.2';
const buildTimeoutMs = 900_000;
const readyTimeoutMs = 120_000;

interface FerretdbServer extends ServerProcess {
  readonly url: string;
  /** Where it keeps everything. */
  readonly postgres: PostgresServer;
}

/** A server that runs already is left running. */
export async function startFerretdb({ folder, softwareFolder }: EnginePlace): Promise<FerretdbServer> {
  const program = builtFerretdb(softwareFolder) ?? build(softwareFolder);
  ownedFolder(folder);
  const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), softwareFolder });
  const settingsFile = path.join(folder, 'settings.json');
  let port = readJson<{ port: number }>(settingsFile)?.port;
  const url = () => `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const plan = (): ProcessPlan => ({
    name: 'ferretdb',
    folder,
    command: program,
    args: [`127.0.0.1:${port}`],
    environment: { FERRETDB_POSTGRESQL_URL: postgres.url },
  });
  const server: FerretdbServer = {
    get url() {
      return url();
    },
    postgres,
    running: () => runningProcess(plan()) !== undefined,
    async start() {
      if (port === undefined || runningProcess(plan()) === undefined) {
        port = await freePort(port);
        writeOwnedFile(settingsFile, JSON.stringify({ port }));
        await startEngineProcess(plan());
      }
      await readyWhen(plan(), readyTimeoutMs, () => answersAsMongodb(url()));
    },
    async stop() {
      await stopProcess(plan(), ferretdbStop);
    },
    kill: () => killProcess(plan()),
  };
  await server.start();
  return server;
}

/** FerretDB first: it ends when its PostgreSQL is gone. */
export function ferretdbProcesses(folder: string) {
  return [
    { folder, name: 'ferretdb', stop: ferretdbStop },
    { folder: path.join(folder, 'postgres'), name: 'postgres', stop: postgresStop },
  ];
}

/** The program, where it was built before. */
export function builtFerretdb(softwareFolder: string): string | undefined {
  const program = programIn(softwareFolder);
  return existsSync(program) ? program : undefined;
}

function build(softwareFolder: string): string {
  const source = path.join(softwareFolder, 'ferretdb-source');
  mkdirSync(source, { recursive: true });
  copyFileSync(path.join(import.meta.dirname, 'ferretdb.go'), path.join(source, 'ferretdb.go'));
  writeFileSync(path.join(source, 'go.mod'), `module kontor-ferretdb\n\ngo 1.24\n\nrequire github.com/FerretDB/FerretDB ${version}\n`);
  const program = programIn(softwareFolder);
  try {
    // Without its other store, which takes most of the time.
    execFileSync('go', ['build', '-mod=mod', '-tags=ferretdb_no_sqlite', '-o', program, '.'], {
      cwd: source,
      timeout: buildTimeoutMs,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error(`FerretDB could not be built by Go: ${(error as { stderr?: string }).stderr || (error as Error).message}`);
  }
  return program;
}

function programIn(softwareFolder: string): string {
  return path.join(softwareFolder, `ferretdb-${version}`);
}
