/** `kontor cluster`: many processes on this machine, restarted when they die, with NGINX in front of those that serve users. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#config/options.ts';
import { alignedColumns } from '#core/command/columns.ts';
import { KontorError } from '#core/errors.ts';
import type { Placement } from '#core/module.ts';
import { type EnginesTool, engineEnvironment, enginesTool } from './engines.ts';
import { freePort } from './free-port.ts';
import { enginePart, frontPart, type MemberPlace, memberPart, stopLeftMembers } from './parts.ts';
import { planMembers, type Sizes } from './plan.ts';
import { type ClusterStatus, clusterFolder, readStatus, removeStatus, writeStatus } from './status-file.ts';
import { type Part, Supervised } from './supervised.ts';

const tendEveryMs = 250;
/** A log larger than this is rotated at the next start, replacing the previous one. */
const maxLogBytes = 64 * 1_024 * 1_024;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ClusterOptions {
  readonly config: Config;
  readonly placement: readonly Placement[];
  readonly sizes: Sizes;
  /** Names of engines to start; in a checkout only. */
  readonly engines: readonly string[];
  /** Flags of options as typed, passed on to every process. */
  readonly flags: ReadonlyMap<string, string>;
  note(line: string): void;
}

/** Runs until it is asked to stop; returns the exit code. */
export async function clusterUp(options: ClusterOptions): Promise<number> {
  const { config, note } = options;
  const tool = await enginesTool(options.engines);
  const running = readStatus(config.dataDir);
  if (running) {
    throw new KontorError(
      'conflict',
      `a cluster already runs on ${config.dataDir} (process ${running.processId}): \`kontor cluster down\` stops it`,
    );
  }
  const stopping = stopRequest();
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(clusterFolder(config.dataDir), { recursive: true });
  await stopLeftMembers(clusterFolder(config.dataDir), note);
  const supervised: Supervised[] = [];
  const add = (part: Part) => supervised.push(new Supervised(part, note));
  try {
    const wereUp = new Set(options.engines.filter((name) => tool?.isEngineUp(name)));
    if (options.engines.length > 0) note(`Starting ${options.engines.join(', ')} …`);
    const engines = (await tool?.upEngines(options.engines)) ?? {};
    if (tool) for (const [name, { url }] of Object.entries(engines)) add(enginePart(tool, { name, address: url, wasUp: wereUp.has(name) }));

    const front: Part[] = [];
    let port = config.port;
    for (const member of planMembers(options.placement, options.sizes)) {
      port = await freePortAfter(port);
      const part = memberPart(member, memberPlace(options, port, engineEnvironment(engines)));
      setLargeLogAside(part.log);
      add(part);
      if (member.front) front.push(part);
    }
    for (const one of supervised) if (!stopping.aborted) await one.tend();
    const url = await openFront(options, tool, front, add);

    let told = '';
    while (!stopping.aborted) {
      await Promise.all(supervised.map((one) => one.tend()));
      const status: ClusterStatus = { processId: process.pid, url, engines: options.engines, parts: supervised.map((one) => one.row()) };
      writeStatus(config.dataDir, status);
      const ready = status.parts.every((part) => part.ready) ? 'ready' : '';
      if (ready !== told && ready !== '') note(`\n${statusTable(status)}\n\nThe cluster is open: ${url}  (Ctrl-C stops it)\n`);
      told = ready;
      await sleep(tendEveryMs, undefined, { signal: stopping }).catch(() => {});
    }
    note('Stopping …');
  } finally {
    await stopAll(supervised, note);
    removeStatus(config.dataDir);
  }
  return supervised.some((one) => one.keepsDying) ? 1 : 0;
}

function memberPlace({ config, flags }: ClusterOptions, port: number, engines: Readonly<Record<string, string>>): MemberPlace {
  const handedOn = [...flags].filter(([flag]) => flag !== '--port' && flag !== '--host').flat();
  const environment = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return {
    folder: clusterFolder(config.dataDir),
    port,
    flags: handedOn,
    // NGINX passes on the clients' addresses.
    environment: { ...environment, ...engines, TRUSTED_PROXIES: ['127.0.0.1', ...(config.trustedProxies ?? [])].join(',') },
    shutdownTimeoutMs: config.shutdownTimeoutMs,
  };
}

async function freePortAfter(port: number): Promise<number> {
  for (let next = port + 1; next < port + 1_000; next += 1) if ((await freePort(next)) === next) return next;
  throw new KontorError('address_in_use', `none of the ports ${port + 1} to ${port + 999} is free: choose another PORT`);
}

/** Starts NGINX if it is installed; otherwise prints that the processes are used directly. Returns the address of the cluster. */
async function openFront(
  { config, note }: ClusterOptions,
  tool: EnginesTool | undefined,
  front: readonly Part[],
  add: (part: Part) => void,
): Promise<string> {
  const upstreams = front.map(({ address }) => new URL(address).host);
  try {
    const part = await frontPart(tool, {
      host: config.host,
      port: config.port,
      upstreams,
      trustedProxies: config.trustedProxies ?? [],
      folder: clusterFolder(config.dataDir),
    });
    add(part);
    return part.address;
  } catch (error) {
    note(`There is no NGINX in front of the processes: ${(error as Error).message.split('\n')[0]}`);
    note(`Open one of them directly: ${front.map(({ address }) => address).join(', ')}`);
    return front[0]?.address ?? '';
  }
}

/** Aborts when the cluster is asked to stop. A second request changes nothing: each part has a time limit. */
function stopRequest(): AbortSignal {
  const asked = new AbortController();
  for (const name of stopSignals) process.on(name, () => asked.abort());
  return asked.signal;
}

/** Stops stage by stage: processes that serve users first, engines last. */
async function stopAll(supervised: readonly Supervised[], note: (line: string) => void): Promise<void> {
  const byStage = [...Map.groupBy(supervised, ({ part }) => part.stage)].sort(([one], [other]) => other - one);
  for (const [, stage] of byStage) {
    const stops = stage.map(({ part }) => part.stop().catch((error: Error) => note(`${part.name} did not stop: ${error.message}`)));
    await Promise.all(stops);
  }
}

function setLargeLogAside(log: string): void {
  if (existsSync(log) && statSync(log).size > maxLogBytes) renameSync(log, `${log}.old`);
}

export function statusTable({ parts }: ClusterStatus): string {
  const rows = parts.map(({ name, processId, state, restarts, ready, address, says }) => [
    name,
    processId === undefined || processId === 0 ? '-' : String(processId),
    state,
    String(restarts),
    ready ? 'yes' : 'no',
    address,
    says,
  ]);
  return alignedColumns([['NAME', 'PROCESS', 'STATE', 'RESTARTS', 'READY', 'ADDRESS', 'DOES'], ...rows]);
}

/** Prints the table and returns the exit code: 0 when everything is ready. */
export function clusterStatus(config: Config): { readonly text: string; readonly exitCode: number } {
  const status = readStatus(config.dataDir);
  if (!status) throw noCluster(config);
  const allReady = status.parts.every(({ ready }) => ready);
  return { text: `${statusTable(status)}\n\n${status.url}  logs: ${path.join(config.dataDir, 'cluster')}`, exitCode: allReady ? 0 : 1 };
}

/** The addresses of the cluster's engines, as options in the environment. */
export async function clusterEnvironment(config: Config): Promise<Readonly<Record<string, string>>> {
  const status = readStatus(config.dataDir);
  if (!status) throw noCluster(config);
  const tool = await enginesTool(status.engines);
  return engineEnvironment((await tool?.upEngines(status.engines)) ?? {});
}

/** Asks the cluster to stop, and waits for it. */
export async function clusterDown(config: Config): Promise<void> {
  const status = readStatus(config.dataDir);
  if (!status) throw noCluster(config);
  process.kill(status.processId, 'SIGTERM');
  // Each of the six stages has a time limit.
  const deadlineMs = performance.now() + 6 * (config.shutdownTimeoutMs + 10_000);
  while (isThere(status.processId)) {
    if (performance.now() > deadlineMs) throw new KontorError('timed_out', `process ${status.processId} is still stopping the cluster`);
    await sleep(100);
  }
}

function isThere(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

function noCluster({ dataDir }: Config): KontorError {
  return new KontorError('not_found', `no cluster runs on ${dataDir}: \`kontor cluster up\` starts one; DATA_DIR names the folder`);
}
