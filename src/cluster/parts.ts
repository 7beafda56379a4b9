/** The cluster's parts: engines, Kontor's processes, and NGINX in front of them. */
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stages } from '#core/module.ts';
import { withoutSecrets } from '#house/settings.ts';
import type { EnginesTool } from './engines.ts';
import { getOnce } from './load.ts';
import { nginxConfiguration, type ServedPath } from './nginx/configuration.ts';
import { installedNginx, startNginx } from './nginx/server.ts';
import type { Member } from './plan.ts';
import {
  freezeProcess,
  killProcess,
  logFile,
  nudgeProcess,
  type ProcessPlan,
  runningProcess,
  startProcess,
  stopProcess,
} from './processes.ts';
import type { Health, Part } from './supervised.ts';

/** The program. */
export const kontor = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));
const leftTimeoutMs = 20_000;

export interface MemberPlace {
  readonly folder: string;
  readonly port: number;
  /** Flags of options as typed. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly shutdownTimeoutMs: number;
  /** Whether it takes connections only when its roles are ready. */
  readonly whenReady: boolean;
  /** Where it reaches the cluster. */
  readonly control: string;
}

/** A process of Kontor, always on the same port of 127.0.0.1. */
export function memberPart({ name, role, stage }: Member, place: MemberPlace): Part {
  const { folder, port } = place;
  const plan: ProcessPlan = {
    name,
    folder,
    command: process.execPath,
    args: [
      kontor,
      'run',
      role,
      ...place.flags,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      ...(place.whenReady ? ['--when-ready'] : []),
    ],
    environment: { ...place.environment, LOG_FORMAT: 'json', CLUSTER_CONTROL: place.control },
    workingFolder: process.cwd(),
  };
  const address = `http://127.0.0.1:${port}`;
  return {
    name,
    kind: 'process',
    stage,
    address,
    log: logFile(plan),
    processId: () => runningProcess(plan)?.pid,
    start: async () => void (await startProcess(plan)),
    // A little longer than its SHUTDOWN_TIMEOUT_MS.
    stop: async () => void (await stopProcess(plan, { signal: 'SIGTERM', timeoutMs: place.shutdownTimeoutMs + 5_000 })),
    kill: () => killProcess(plan),
    freeze: (signal) => freezeProcess(plan, signal),
    nudge: () => nudgeProcess(plan),
    checkHealth: () => healthOf(address),
  };
}

/** Stops processes left by a killed cluster, so that each runs once and on the expected port. */
export async function stopLeftMembers(folder: string, note: (line: string) => void): Promise<void> {
  const names = globSync('*.process.json', { cwd: folder }).map((file) => file.replace('.process.json', ''));
  const left = names.filter((name) => runningProcess({ name, folder }) !== undefined);
  if (left.length > 0) note(`Stopping what a killed cluster left behind: ${left.join(', ')} …`);
  await Promise.all(left.map((name) => stopProcess({ name, folder }, { signal: 'SIGTERM', timeoutMs: leftTimeoutMs })));
}

async function healthOf(address: string): Promise<Health> {
  try {
    const { text } = await getOnce(`${address}/ready`);
    const { ready, roles } = JSON.parse(text) as { readonly ready: boolean; readonly roles: Readonly<Record<string, Health>> };
    const states = Object.values(roles);
    const shown = states.find((state) => !state.ready) ?? states[0];
    return { ready, says: shown?.says ?? '' };
  } catch {
    return { ready: false, says: 'does not answer yet' };
  }
}

/** An engine. One that ran before the cluster started is left running. */
export function enginePart(tool: EnginesTool, { name, address, wasUp }: { name: string; address: string; wasUp: boolean }): Part {
  return {
    name,
    kind: 'engine',
    notOurs: wasUp,
    stage: stages.engines,
    address: withoutSecrets(address),
    log: tool.placeOf(name).folder,
    processId: () => (tool.isEngineUp(name) ? 0 : undefined),
    start: async () => void (await tool.upEngines([name])),
    stop: async () => {
      if (!wasUp) await tool.downEngines([name]);
    },
    kill: () => tool.killEngine(name),
    checkHealth: async () => ({ ready: true, says: wasUp ? 'was running before' : 'running' }),
  };
}

export interface FrontPlace {
  readonly host: string;
  readonly port: number;
  readonly served: readonly ServedPath[];
  readonly trustedProxies: readonly string[];
  /** The cluster's folder. */
  readonly folder: string;
}

/** Throws when NGINX is not installed, or its port is taken. */
export async function frontPart(tool: EnginesTool | undefined, place: FrontPlace): Promise<Part> {
  const { host, port, served, trustedProxies } = place;
  const { program, folder } = tool?.clusterNginx(port) ?? { program: installedNginx(), folder: path.join(place.folder, 'nginx') };
  const listen = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const http = () => nginxConfiguration({ listen, served, trustedProxies });
  const server = await startNginx(program, { folder, http, port });
  return {
    name: 'nginx',
    kind: 'proxy',
    stage: stages.proxy,
    address: `http://${host}:${port}`,
    log: logFile({ name: 'nginx', folder }),
    processId: () => runningProcess({ name: 'nginx', folder })?.pid,
    start: () => server.start(),
    stop: async () => {
      await server.stop();
      // In a checkout it is beside the engines, one for each port that a cluster ever had.
      if (tool !== undefined) rmSync(folder, { recursive: true, force: true });
    },
    kill: () => server.kill(),
    checkHealth: async () => {
      const { ready } = await healthOf(server.url);
      return { ready, says: ready ? 'passes requests on' : 'waits for a ready process' };
    },
  };
}
