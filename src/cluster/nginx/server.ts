/** An NGINX on this machine, with a given configuration or a minimal one. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KontorError } from '#core/errors.ts';
import { accepts } from '../accepts.ts';
import { freePort } from '../free-port.ts';
import {
  endLeftGroup,
  killProcess,
  type ProcessPlan,
  type ProcessRecord,
  readJson,
  readyWhen,
  runningProcess,
  type ServerProcess,
  startProcess,
  stopProcess,
} from '../processes.ts';

/** The program, and how its files are written and its process is started, for instance as another user. */
export interface NginxProgram {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  makeFolder(folder: string): void;
  writeFile(file: string, text: string): void;
  start(plan: ProcessPlan): Promise<ProcessRecord>;
}

/** The system's NGINX, run by the current user. */
export function installedNginx(): NginxProgram {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const command = folders.map((folder) => path.join(folder, 'nginx')).find((file) => existsSync(file));
  if (command === undefined) throw new KontorError('not_found', 'no program nginx is installed');
  return {
    command,
    environment: {},
    makeFolder: (folder) => void mkdirSync(folder, { recursive: true, mode: 0o700 }),
    writeFile: (file, text) => writeFileSync(file, text, { mode: 0o600 }),
    start: startProcess,
  };
}

/** NGINX's graceful shutdown: running requests end first. */
export const nginxStop = { signal: 'SIGQUIT', timeoutMs: 10_000 } as const;

const readyTimeoutMs = 60_000;

export interface NginxServer extends ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Writes another configuration and reloads it without losing a connection. */
  configure(http: (port: number) => string): Promise<void>;
}

export interface NginxPlace {
  /** The folder of its settings, log and temporary files. */
  readonly folder: string;
  /** The contents of the `http { }` block: upstreams and a server that listens on 127.0.0.1 at the port. */
  readonly http?: (port: number) => string;
  /** The required port; by default it keeps the port that was free the first time. */
  readonly port?: number;
}

const answersOnly = (port: number) => `
  server {
    listen 127.0.0.1:${port};
    location / { default_type text/plain; return 200 "nginx is up\\n"; }
  }`;

export async function startNginx(program: NginxProgram, place: NginxPlace): Promise<NginxServer> {
  const { folder } = place;
  program.makeFolder(folder);
  const settingsFile = path.join(folder, 'settings.json');
  const configuration = path.join(folder, 'nginx.conf');
  const known = readJson<{ port: number }>(settingsFile);
  let port = place.port ?? known?.port ?? (await freePort());
  let http = place.http ?? answersOnly;

  const plan: ProcessPlan = {
    name: 'nginx',
    folder,
    command: program.command,
    args: ['-p', folder, '-c', configuration, '-e', 'stderr', '-g', 'daemon off;'],
    environment: program.environment,
  };
  // Only NGINX itself: what is behind it may take long to answer, or never do.
  const listens = () => readyWhen(plan, readyTimeoutMs, () => accepts(port));

  const server: NginxServer = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    folder,
    running: () => runningProcess(plan) !== undefined,
    async start() {
      if (runningProcess(plan) === undefined) {
        await endLeftGroup(plan);
        port = await freePort(port);
        if (place.port !== undefined && port !== place.port) {
          throw new Error(`Port ${place.port} is taken by another process: stop that one, or choose another port.`);
        }
        program.writeFile(settingsFile, JSON.stringify({ port }));
        program.writeFile(configuration, configurationText(http(port)));
        await program.start(plan);
      }
      await listens();
    },
    async stop() {
      await stopProcess(plan, nginxStop);
    },
    kill: () => killProcess(plan),
    async configure(next) {
      http = next;
      const text = configurationText(http(port));
      if (readFileSync(configuration, 'utf8') === text) return;
      program.writeFile(configuration, text);
      const running = runningProcess(plan);
      if (running !== undefined) process.kill(running.pid, 'SIGHUP');
      await listens();
    },
  };
  await server.start();
  if (place.http !== undefined) await server.configure(place.http);
  return server;
}

function configurationText(http: string): string {
  return `worker_processes 1;
pid nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
${http}
}
`;
}
