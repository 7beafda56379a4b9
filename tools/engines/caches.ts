/** Cache servers on this machine, from their Debian packages: memcached (several nodes) and Redis. They keep nothing on disk. */
import path from 'node:path';
import { accepts } from '#cluster/accepts.ts';
import { freePort, freePorts } from '#cluster/free-port.ts';
import { killProcess, type ProcessPlan, readJson, readyWhen, runningProcess, type ServerProcess, stopProcess } from '#cluster/processes.ts';
import { startEngineProcess } from './engine-process.ts';
import { type EnginePlace, ownedFolder, writeOwnedFile } from './place.ts';
import { softwareFor } from './software.ts';

const stop = { signal: 'SIGTERM', timeoutMs: 5_000 } as const;

const needs = {
  memcached: { packages: ['memcached'], program: 'usr/bin/memcached' },
  redis: { packages: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
} as const;
const readyTimeoutMs = 60_000;
const memcachedNodes = 2;

interface Settings {
  readonly ports: readonly number[];
}

export interface CacheServer {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly nodes: readonly (ServerProcess & { readonly port: number })[];
  stop(): Promise<void>;
}

/** Nodes that run already are left running. */
export async function startMemcached(place: EnginePlace): Promise<CacheServer> {
  const { program, environment } = softwareFor(needs.memcached, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const { ports } = readJson<Settings>(settingsFile(folder)) ?? { ports: await freePorts(memcachedNodes) };
  const plans = ports.map((port, index) => ({
    plan: {
      name: memcachedNames[index] ?? '',
      folder,
      command: program,
      args: ['--listen=127.0.0.1', `--port=${port}`, '--udp-port=0', '--memory-limit=64'],
      environment,
    },
    port,
  }));
  return startedServer(folder, plans, `memcached://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`);
}

export async function startRedis(place: EnginePlace): Promise<CacheServer> {
  const { program, environment } = softwareFor(needs.redis, place.softwareFolder);
  const folder = ownedFolder(place.folder);
  const { ports } = readJson<Settings>(settingsFile(folder)) ?? { ports: [await freePort()] };
  const [port = 0] = ports;
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    save: '',
    appendonly: 'no',
    maxmemory: '64mb',
    'maxmemory-policy': 'allkeys-lru',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const plan = { name: 'redis', folder, command: program, args, environment };
  return startedServer(folder, [{ plan, port }], `redis://127.0.0.1:${port}`);
}

const memcachedNames = Array.from({ length: memcachedNodes }, (_, index) => `memcached-${index + 1}`);

export const memcachedProcesses = (folder: string) => memcachedNames.map((name) => ({ folder, name, stop }));
export const redisProcesses = (folder: string) => [{ folder, name: 'redis', stop }];

async function startedServer(folder: string, plans: readonly { plan: ProcessPlan; port: number }[], url: string): Promise<CacheServer> {
  writeOwnedFile(settingsFile(folder), JSON.stringify({ ports: plans.map(({ port }) => port) }));
  const nodes = plans.map(({ plan, port }) => ({
    port,
    running: () => runningProcess(plan) !== undefined,
    async start() {
      if (runningProcess(plan) === undefined) await startEngineProcess(plan);
      await readyWhen(plan, readyTimeoutMs, () => accepts(port));
    },
    async stop() {
      await stopProcess(plan, stop);
    },
    kill: () => killProcess(plan),
  }));
  await Promise.all(nodes.map((node) => node.start()));
  return {
    url,
    environment: { CACHE_URL: url },
    nodes,
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
}

function settingsFile(folder: string): string {
  return path.join(folder, 'settings.json');
}
