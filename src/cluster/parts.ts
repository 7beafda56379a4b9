/** The cluster's parts: engines, Kontor's processes, and NGINX in front of them. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stages } from '#core/module.ts';
import type { EnginesTool } from './engines.ts';
import { nginxConfiguration } from './nginx/configuration.ts';
import { installedNginx, startNginx } from './nginx/server.ts';
import type { Member } from './plan.ts';
import { killProcess, logFile, type ProcessPlan, runningProcess, startProcess, stopProcess } from './processes.ts';
import type { Health, Part } from './supervised.ts';

const kontor = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));
const lookTimeoutMs = 2_000;
const leftTimeoutMs = 20_000;

export interface MemberPlace {
  readonly folder: string;
  readonly port: number;
  /** Flags of options as typed. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly shutdownTimeoutMs: number;
}

/** A process of Kontor, always on the same port of 127.0.0.1. */
export function memberPart({ name, role, stage }: Member, place: MemberPlace): Part {
  const { folder, port } = place;
  const plan: ProcessPlan = {
    name,
    folder,
    command: process.execPath,
    args: [kontor, 'run', role, ...place.flags, '--host', '127.0.0.1', '--port', String(port)],
    environment: { ...place.environment, LOG_FORMAT: 'json' },
    workingFolder: process.cwd(),
  };
  const address = `http://127.0.0.1:${port}`;
  return {
    name,
    stage,
    address,
    log: logFile(plan),
    processId: () => runningProcess(plan)?.pid,
    start: async () => void (await startProcess(plan)),
    // A little longer than its SHUTDOWN_TIMEOUT_MS.
    stop: async () => void (await stopProcess(plan, { signal: 'SIGTERM', timeoutMs: place.shutdownTimeoutMs + 5_000 })),
    kill: () => killProcess(plan),
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
    const answer = await fetch(`${address}/ready`, { signal: AbortSignal.timeout(lookTimeoutMs) });
    const { ready, roles } = (await answer.json()) as { readonly ready: boolean; readonly roles: Readonly<Record<string, Health>> };
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
    stage: stages.engines,
    // Without the password.
    address: address.replace(/\/\/[^@/]*@/, '//'),
    log: tool.placeOf(name).folder,
    processId: () => (tool.isEngineUp(name) ? 0 : undefined),
    start: async () => void (await tool.upEngines([name])),
    stop: async () => {
      if (!wasUp) await tool.downEngines([name]);
    },
    kill: async () => {},
    checkHealth: async () => ({ ready: true, says: wasUp ? 'was running before' : 'running' }),
  };
}

export interface FrontPlace {
  readonly host: string;
  readonly port: number;
  /** Host and port of each live view. */
  readonly upstreams: readonly string[];
  readonly trustedProxies: readonly string[];
  /** The cluster's folder. */
  readonly folder: string;
}

/** Throws when NGINX is not installed, or its port is taken. */
export async function frontPart(tool: EnginesTool | undefined, place: FrontPlace): Promise<Part> {
  const { host, port, upstreams, trustedProxies } = place;
  const { program, folder } = tool?.clusterNginx(port) ?? { program: installedNginx(), folder: path.join(place.folder, 'nginx') };
  const listen = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const http = () => nginxConfiguration({ listen, upstreams, trustedProxies });
  const server = await startNginx(program, { folder, http, port });
  return {
    name: 'nginx',
    stage: stages.proxy,
    address: `http://${host}:${port}`,
    log: logFile({ name: 'nginx', folder }),
    processId: () => runningProcess({ name: 'nginx', folder })?.pid,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    checkHealth: async () => {
      const { ready } = await healthOf(server.url);
      return { ready, says: ready ? 'passes requests on' : 'waits for a ready live view' };
    },
  };
}
