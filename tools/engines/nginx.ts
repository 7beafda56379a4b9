/** An NGINX on this machine: with a configuration of one's own, or a small one that only answers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type EnginePlace, freePort, ownedFolder, readJson, writeOwnedFile } from './place.ts';
import {
  endLeftGroup,
  killProcess,
  type ProcessPlan,
  readyWhen,
  runningProcess,
  type ServerProcess,
  startProcess,
  stopProcess,
} from './processes.ts';
import { softwareFor } from './software.ts';

/** Lets running requests end first. */
export const nginxStop = { signal: 'SIGQUIT', timeoutMs: 10_000 } as const;

const need = { packages: ['nginx'], program: 'usr/sbin/nginx' };

export interface NginxServer extends ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Writes another configuration and has it taken up without losing a connection. */
  configure(http: (port: number) => string): Promise<void>;
}

export interface NginxPlace extends EnginePlace {
  /** What stands in the `http { }` block: upstreams and a server that listens on 127.0.0.1 at the port. */
  readonly http?: (port: number) => string;
  /** Where it must listen; left out, it keeps the port that it found free the first time. */
  readonly port?: number;
}

const answersOnly = (port: number) => `
  server {
    listen 127.0.0.1:${port};
    location / { default_type text/plain; return 200 "nginx is up\\n"; }
  }`;

export async function startNginx(place: NginxPlace): Promise<NginxServer> {
  const software = softwareFor(need, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const settingsFile = path.join(folder, 'settings.json');
  const configuration = path.join(folder, 'nginx.conf');
  const known = readJson<{ port: number }>(settingsFile);
  let port = place.port ?? known?.port ?? (await freePort());
  let http = place.http ?? answersOnly;

  const plan: ProcessPlan = {
    name: 'nginx',
    folder,
    command: software.program,
    args: ['-p', folder, '-c', configuration, '-e', 'stderr', '-g', 'daemon off;'],
    environment: software.environment,
  };
  const answers = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
  };

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
        writeOwnedFile(settingsFile, JSON.stringify({ port }));
        writeOwnedFile(configuration, configurationText(http(port)));
        await startProcess(plan);
      }
      await readyWhen(plan, 15_000, answers);
    },
    async stop() {
      await stopProcess(plan, nginxStop);
    },
    kill: () => killProcess(plan),
    async configure(next) {
      http = next;
      const text = configurationText(http(port));
      if (readFileSync(configuration, 'utf8') === text) return;
      writeOwnedFile(configuration, text);
      const running = runningProcess(plan);
      if (running !== undefined) process.kill(running.pid, 'SIGHUP');
      await readyWhen(plan, 15_000, answers);
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
