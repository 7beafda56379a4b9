/** `kontor cluster`: many processes on this machine, restarted when they die, with NGINX in front of those that serve users. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#config/options.ts';
import { type Colour, plain } from '#core/command/colour.ts';
import { alignedColumns } from '#core/command/columns.ts';
import type { ProgressLine } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import type { Placement } from '#core/module.ts';
import { isRunning } from '#house/is-running.ts';
import type { AutoscaleRule, Range } from './autoscale-rule.ts';
import { type ControlServer, serveControl } from './control-server.ts';
import { type EnginesTool, engineEnvironment, enginesTool } from './engines.ts';
import { reserve } from './free-port.ts';
import { type MetricsServer, serveClusterMetrics } from './metrics-server.ts';
import type { ServedPath } from './nginx/configuration.ts';
import { enginePart, frontPart, type MemberPlace, memberPart, stopLeftMembers } from './parts.ts';
import { type Member, planMembers, type Sizes } from './plan.ts';
import { ClusterPulls } from './pulls.ts';
import { loadText, ScaledGroup } from './scaled-group.ts';
import { type ClusterStatus, clusterFolder, readStatus, removeStatus, writeStatus } from './status-file.ts';
import { type Part, type Row, Supervised, type Tended } from './supervised.ts';

const tendEveryMs = 250;
/** A log larger than this is rotated at the next start, replacing the previous one. */
const maxLogBytes = 64 * 1_024 * 1_024;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ClusterOptions {
  readonly config: Config;
  readonly placement: readonly Placement[];
  readonly sizes: Sizes;
  /** How many processes of a name there may be, where their number follows the load. */
  readonly ranges: ReadonlyMap<string, Range>;
  readonly rule: AutoscaleRule;
  /** Names of engines to start; in a checkout only. */
  readonly engines: readonly string[];
  /** Flags of options as typed, passed on to every process. */
  readonly flags: ReadonlyMap<string, string>;
  note(line: string): void;
  /** Waits for work, and shows what it is when that takes long. */
  wait<Result>(says: () => string, work: Promise<Result>): Promise<Result>;
  readonly progress: ProgressLine;
}

/** Runs until it is asked to stop; returns the exit code. */
export async function clusterUp(given: ClusterOptions): Promise<number> {
  const options = withClearNotes(given);
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
  // Engines and the NGINX of a checkout run as another user where this one is root, and must reach their own files. What this
  // process writes has its own modes.
  if (tool !== undefined) process.umask(0o022);
  const tended: Tended[] = [];
  const groups: ScaledGroup[] = [];
  const groupRows = () => groups.map((group) => group.groupRow());
  let metrics: MetricsServer | undefined;
  const pulls = new ClusterPulls({ tended: () => tended, groups: groupRows, note });
  const control = await serveControl(pulls);
  const onDeath = (name: string) => pulls.died(name);
  const add = (part: Part) => tended.push(new Supervised(part, note, onDeath));
  try {
    const wereUp = new Set(options.engines.filter((name) => tool?.isEngineUp(name)));
    note(beginning(options));
    if (options.engines.length > 0) note(`Starting ${options.engines.join(', ')}; what this machine does not have is fetched first …`);
    const engines = await startEngines(options, tool);
    if (tool) for (const [name, { url }] of Object.entries(engines)) add(enginePart(tool, { name, address: url, wasUp: wereUp.has(name) }));

    const { members, lastPort } = await placeMembers(options, engineEnvironment(engines), control);
    groups.push(...scaledGroups(options, members, onDeath));
    for (const { member, part } of members) if (!options.ranges.has(member.group)) add(part);
    tended.push(...groups);
    for (const one of tended) if (!stopping.aborted) await one.tend();
    note(`They are starting. Next is NGINX${tool === undefined ? '' : '; where it is not installed, it is fetched first'} …`);
    const url = await options.wait(() => 'Starting NGINX', openFront(options, tool, servedPaths(members), add));
    metrics = await serveClusterMetrics(await freePortAfter(lastPort), groupRows);
    const metricsUrl = `${metrics.address}/metrics`;

    const statusNow = (): ClusterStatus => ({
      processId: process.pid,
      url,
      metricsUrl,
      engines: options.engines,
      parts: tended.flatMap((one) => one.rows()),
      groups: groupRows(),
    });
    const beganMs = performance.now();
    let told = false;
    while (!stopping.aborted) {
      await Promise.all(tended.map((one) => one.tend()));
      const status = statusNow();
      pulls.looked(status.parts);
      writeStatus(config.dataDir, status);
      if (!told) options.progress.show(() => waitingFor(status.parts, performance.now() - beganMs));
      if (!told && allReady(status.parts)) {
        note(`\n${statusTable(status, plain)}\n\nThe cluster is open: ${url}  (Ctrl-C stops it)\n`);
        told = true;
      }
      await sleep(tendEveryMs, undefined, { signal: stopping }).catch(() => {});
    }
    note('Stopping …');
  } finally {
    pulls.close();
    await stopAll(tended, note);
    await metrics?.close();
    await control.close();
    removeStatus(config.dataDir);
  }
  return tended.some((one) => one.keepsDying) ? 1 : 0;
}

/** Notes take the place of the line of progress. */
function withClearNotes(options: ClusterOptions): ClusterOptions {
  const note = (line: string) => {
    options.progress.clear();
    options.note(line);
  };
  return { ...options, note };
}

/** One after another, so that it can be said which one takes so long. */
async function startEngines({ engines, wait }: ClusterOptions, tool: EnginesTool | undefined) {
  const running: Awaited<ReturnType<EnginesTool['upEngines']>> = {};
  if (tool === undefined) return running;
  for (const [index, name] of engines.entries()) {
    const says = () => `Starting ${name} (${index + 1} of ${engines.length})`;
    Object.assign(running, await wait(says, tool.upEngines([name])));
  }
  return running;
}

/** Of a cluster that starts: how far it is. */
function waitingFor(parts: readonly Row[], tookMs: number): string {
  const waiting = parts.filter(({ ready, state }) => !ready && state !== 'leaving').map(({ name }) => name);
  return `${parts.length - waiting.length} of ${parts.length} are ready … ${Math.floor(tookMs / 1_000)} s; waiting for ${waiting.join(', ')}`;
}

/** Said before anything is done: fetching and starting take a while. */
function beginning({ config, placement, sizes, ranges, engines }: ClusterOptions): string {
  const counts = Map.groupBy(planMembers(placement, sizes), ({ group }) => group);
  const names = [...counts].map(([name, { length }]) => (ranges.has(name) ? `${name} by load` : length > 1 ? `${length} ${name}` : name));
  const where = engines.length > 0 ? '' : `, data in ${config.dataDir}`;
  return `Opening the house as processes on this machine${where}: ${names.join(', ')}; NGINX at port ${config.port}.`;
}

interface Placed {
  readonly member: Member;
  readonly part: Part;
}

interface PlacedMembers {
  readonly members: readonly Placed[];
  /** The ports up to here are theirs, also while they do not listen yet. */
  readonly lastPort: number;
}

/** Gives each process its port. Of a group whose size follows the load, those are in it that may run. */
async function placeMembers(
  options: ClusterOptions,
  engines: Readonly<Record<string, string>>,
  control: ControlServer,
): Promise<PlacedMembers> {
  const most = Object.fromEntries([...options.ranges].map(([name, { max }]) => [name, max]));
  const members: Placed[] = [];
  let port = options.config.port;
  for (const member of planMembers(options.placement, { ...options.sizes, ...most })) {
    port = await freePortAfter(port);
    const place = memberPlace(options, port, engines, options.ranges.has(member.group));
    const part = memberPart(member, { ...place, control: control.controlOf(member.name) });
    setLargeLogAside(part.log);
    members.push({ member, part });
  }
  return { members, lastPort: port };
}

function scaledGroups(
  { ranges, rule, note }: ClusterOptions,
  members: readonly Placed[],
  onDeath: (name: string) => void,
): readonly ScaledGroup[] {
  return [...ranges].map(([name, range]) => {
    const parts = members.filter(({ member }) => member.group === name).map(({ part }) => part);
    return new ScaledGroup({ name, range, parts, rule, note, onDeath });
  });
}

function servedPaths(members: readonly Placed[]): readonly ServedPath[] {
  const byPath = Map.groupBy(members, ({ member }) => member.serves);
  return [...byPath].flatMap(([path, those]) =>
    path === undefined ? [] : [{ path, upstreams: those.map(({ part }) => new URL(part.address).host) }],
  );
}

/** One that leaves after the load has gone is not missed. */
function allReady(parts: readonly Row[]): boolean {
  return parts.every(({ ready, state }) => ready || state === 'leaving');
}

function memberPlace(
  { config, flags }: ClusterOptions,
  port: number,
  engines: Readonly<Record<string, string>>,
  whenReady: boolean,
): Omit<MemberPlace, 'control'> {
  const handedOn = [...flags].filter(([flag]) => flag !== '--port' && flag !== '--host').flat();
  const environment = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return {
    folder: clusterFolder(config.dataDir),
    port,
    flags: handedOn,
    // NGINX passes on the clients' addresses.
    environment: {
      ...environment,
      ...engines,
      TRUSTED_PROXIES: [...new Set(['127.0.0.1', ...(config.trustedProxies ?? [])])].join(','),
      ...wholeAddress(config),
    },
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    whenReady,
  };
}

/**
 * In a demonstration each process is to name the address of all of them, not its own: else, the pages by which the house finds miners
 * who do not fetch would be asked of a process that does not serve them.
 */
function wholeAddress({ demo, publicUrl, host, port }: Config): { readonly PUBLIC_URL?: string } {
  return demo === 'on' && publicUrl === undefined ? { PUBLIC_URL: `http://${host}:${port}` } : {};
}

async function freePortAfter(port: number): Promise<number> {
  for (let next = port + 1; next < port + 1_000; next += 1) if (await reserve(next)) return next;
  throw new KontorError('address_in_use', `none of the ports ${port + 1} to ${port + 999} is free: choose another PORT`);
}

/** Starts NGINX if it is installed; otherwise prints that the processes are used directly. Returns the address of the cluster. */
async function openFront(
  { config, note }: ClusterOptions,
  tool: EnginesTool | undefined,
  served: readonly ServedPath[],
  add: (part: Part) => void,
): Promise<string> {
  try {
    const part = await frontPart(tool, {
      host: config.host,
      port: config.port,
      served,
      trustedProxies: config.trustedProxies ?? [],
      folder: clusterFolder(config.dataDir),
    });
    add(part);
    return part.address;
  } catch (error) {
    note(`There is no NGINX in front of the processes: ${(error as Error).message.split('\n')[0]}`);
    for (const { path: begin, upstreams } of served) note(`Open one of them directly, for ${begin}: ${upstreams.join(', ')}`);
    return `http://${served.find(({ path: begin }) => begin === '/')?.upstreams[0]}`;
  }
}

/** Aborts when the cluster is asked to stop. A second request changes nothing: each part has a time limit. */
function stopRequest(): AbortSignal {
  const asked = new AbortController();
  for (const name of stopSignals) process.on(name, () => asked.abort());
  return asked.signal;
}

/** Stops stage by stage: processes that serve users first, engines last. */
async function stopAll(tended: readonly Tended[], note: (line: string) => void): Promise<void> {
  const parts = tended.flatMap((one) => one.stoppable());
  const byStage = [...Map.groupBy(parts, ({ stage }) => stage)].sort(([one], [other]) => other - one);
  for (const [, stage] of byStage) {
    const stops = stage.map((part) => part.stop().catch((error: Error) => note(`${part.name} did not stop: ${error.message}`)));
    await Promise.all(stops);
  }
}

function setLargeLogAside(log: string): void {
  if (existsSync(log) && statSync(log).size > maxLogBytes) renameSync(log, `${log}.old`);
}

function statusTable({ parts, groups, metricsUrl }: ClusterStatus, colour: Colour): string {
  const rows = parts.map(({ name, processId, state, restarts, ready, address, says }) => [
    name,
    processId === undefined || processId === 0 ? '-' : String(processId),
    state === 'keeps dying' ? colour('red', state) : state,
    String(restarts),
    ready ? colour('green', 'yes') : colour('yellow', 'no'),
    address,
    says,
  ]);
  const table = alignedColumns([['NAME', 'PROCESS', 'STATE', 'RESTARTS', 'READY', 'ADDRESS', 'DOES'], ...rows]);
  return groups.length === 0 ? table : `${table}\n\n${groupTable(groups)}\n\nThe same for Prometheus: ${metricsUrl}`;
}

function groupTable(groups: ClusterStatus['groups']): string {
  const rows = groups.map(({ name, min, max, wanted, running, load }) => [
    name,
    `${min} to ${max}`,
    String(wanted),
    String(running),
    load === undefined ? 'not known yet' : loadText(load),
  ]);
  return alignedColumns([['FOLLOWS THE LOAD', 'RANGE', 'WANTED', 'RUNNING', 'LOAD'], ...rows]);
}

/** Prints the table and returns the exit code: 0 when everything is ready. */
export function clusterStatus(config: Config, colour: Colour): { readonly text: string; readonly exitCode: number } {
  const status = readStatus(config.dataDir);
  if (!status) throw noCluster(config);
  return {
    text: `${statusTable(status, colour)}\n\n${status.url}  logs: ${path.join(config.dataDir, 'cluster')}`,
    exitCode: allReady(status.parts) ? 0 : 1,
  };
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
  while (isRunning(status.processId)) {
    if (performance.now() > deadlineMs) throw new KontorError('timed_out', `process ${status.processId} is still stopping the cluster`);
    await sleep(100);
  }
}

function noCluster({ dataDir }: Config): KontorError {
  return new KontorError('not_found', `no cluster runs on ${dataDir}: \`kontor cluster up\` starts one; DATA_DIR names the folder`);
}
