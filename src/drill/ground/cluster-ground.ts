/** A house as many processes, and real engines that the drill starts for itself, behind proxies that stay. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EnginesTool, engineEnvironment, enginesTool } from '#cluster/engines.ts';
import { type FaultProxy, faultProxy } from '#cluster/fault-proxy.ts';
import { freePort } from '#cluster/free-port.ts';
import { kontor } from '#cluster/parts.ts';
import { type ProcessPlan, type ProcessRecord, readyWhen, signalTo, startProcess, stopProcess } from '#cluster/processes.ts';
import { type ClusterStatus, readStatus } from '#cluster/status-file.ts';
import type { Fault, FaultKind } from '../faults.ts';
import { drillEnvironment, type Ground, type GroundOptions } from './ground.ts';
import { type SkewedClock, skewedClock } from './skewed-clock.ts';

/** Fewer than a cluster has by itself, so that two cores suffice; of what serves users there are two. */
const sizes = ['--aggregators', '2', '--liveviews', '2', '--flights-webs', '2', '--schedulers', '1', '--desks', '1', '--couriers', '1'];
const readyTimeoutMs = 180_000;
const processTimeoutMs = 30_000;
const lookEveryMs = 100;
const stopping = { signal: 'SIGTERM', timeoutMs: 90_000 } as const;
const clients = 'connections of clients';
const database = 'connections of postgres';
const everyClock = 'all processes';

type OwnEngine = ReturnType<EnginesTool['ownEngine']>;

interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly engines: readonly OwnEngine[];
  readonly clock: SkewedClock;
  readonly proxies: Map<string, FaultProxy>;
}

export async function openClusterGround({ pagesHost, secret, engines: names, signal, note }: GroundOptions): Promise<Ground> {
  const tool = await enginesTool(names);
  const folder = mkdtempSync(path.join(tmpdir(), 'kontor-drill-'));
  const dataDir = path.join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const engines = names.flatMap((name) => tool?.ownEngine(name, `drill-${process.pid}`) ?? []);
  const ground = new ClusterGround({ folder, dataDir, engines, clock: skewedClock(folder), proxies: new Map() });
  try {
    // Engines run as another user where this one is root, and must reach their own files.
    if (engines.length > 0) process.umask(0o022);
    if (engines.length > 0) note(`Starting ${names.join(', ')} for the drill; what this machine does not have is fetched first …`);
    const environment = await ground.openEngines(signal);
    note('Starting the processes of the house …');
    await ground.openHouse({ environment, own: drillEnvironment(pagesHost, secret) }, signal);
    return ground;
  } catch (error) {
    await ground.close({ keepsFolder: false });
    throw error;
  }
}

class ClusterGround implements Ground {
  readonly name = 'cluster';
  environment: Readonly<Record<string, string>> = {};
  readonly #place: Place;
  readonly #supervisor: Pick<ProcessPlan, 'name' | 'folder'>;
  #members: readonly string[] = [];

  constructor(place: Place) {
    this.#place = place;
    this.#supervisor = { name: 'cluster', folder: place.folder };
  }

  get folder(): string {
    return this.#place.folder;
  }

  get url(): string {
    const proxy = this.#place.proxies.get(clients);
    return `http://${proxy?.host}:${proxy?.port}`;
  }

  /** Resolves the addresses of the engines; the way to a PostgreSQL goes through a proxy. */
  async openEngines(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { engines, proxies } = this.#place;
    const running: Record<string, { readonly environment: Readonly<Record<string, string>> }> = {};
    for (const engine of engines) {
      signal.throwIfAborted();
      running[engine.name] = await engine.up();
    }
    const server = running.postgres;
    if (server?.environment.STATE_URL !== undefined) {
      const url = new URL(server.environment.STATE_URL);
      const proxy = await faultProxy({ targetPort: Number(url.port) });
      proxies.set(database, proxy);
      url.port = String(proxy.port);
      running.postgres = { environment: { STATE_URL: url.href } };
    }
    return engineEnvironment(running);
  }

  async openHouse(
    { environment, own }: Record<'environment' | 'own', Readonly<Record<string, string>>>,
    signal: AbortSignal,
  ): Promise<void> {
    const { dataDir, clock, proxies } = this.#place;
    this.environment = { DATA_DIR: dataDir, ...own, ...environment };
    const args = [kontor, 'cluster', 'up', '--port', String(await freePort()), ...sizes];
    const all = { ...this.environment, ...clock.environment };
    await startProcess({ ...this.#supervisor, command: process.execPath, args, environment: all });
    const { url, parts } = await readyWhen(this.#supervisor, readyTimeoutMs, async () => readyStatus(dataDir), signal);
    proxies.set(clients, await faultProxy({ targetPort: Number(new URL(url).port) }));
    this.#members = parts.map(({ name }) => name);
  }

  targets(): ReadonlyMap<FaultKind, readonly string[]> {
    const { engines, proxies } = this.#place;
    const names = engines.map(({ name }) => name);
    const lines = [...proxies.keys()].toSorted();
    const possible: readonly (readonly [FaultKind, readonly string[]])[] = [
      ['kill', [...this.#members, ...names]],
      // The master of NGINX does not carry requests: stopping it changes nothing.
      ['stop', [...this.#members.filter((name) => name !== 'nginx'), ...names]],
      ['cut', lines],
      ['slow', lines],
      ['clock', [everyClock]],
      ['failover', engines.filter(({ loseActive }) => loseActive !== undefined).map(({ name }) => name)],
    ];
    return new Map(possible.filter(([, those]) => those.length > 0));
  }

  async inject({ kind, target, byMs }: Fault): Promise<(() => Promise<void>) | undefined> {
    const { engines, proxies, clock } = this.#place;
    const engine = engines.find(({ name }) => name === target);
    const proxy = proxies.get(target);
    switch (kind) {
      case 'kill':
        if (engine === undefined) return this.#signal(target, 'SIGKILL');
        await engine.kill();
        return async () => void (await engine.up());
      case 'stop':
        if (engine === undefined) return this.#signal(target, 'SIGSTOP');
        engine.freeze('SIGSTOP');
        return async () => engine.freeze('SIGCONT');
      case 'cut':
        proxy?.cut();
        return async () => proxy?.resume();
      case 'slow':
        proxy?.delay(byMs);
        return async () => proxy?.resume();
      case 'clock':
        clock.setBy(byMs);
        return async () => clock.setBy(0);
      case 'failover':
        return engine?.loseActive?.();
      case 'full-disk':
        return undefined;
    }
  }

  async close({ keepsFolder }: { readonly keepsFolder: boolean }): Promise<void> {
    const { folder, dataDir, engines, proxies } = this.#place;
    for (const engine of engines) engine.freeze('SIGCONT');
    for (const record of runningParts(dataDir)) signalTo(record, 'SIGCONT');
    await stopProcess(this.#supervisor, stopping);
    for (const proxy of proxies.values()) await proxy.stop();
    for (const engine of engines) await engine.remove();
    if (!keepsFolder) rmSync(folder, { recursive: true, force: true });
  }

  /** Of one of the processes of the house, as soon as it runs. */
  async #signal(name: string, signal: 'SIGKILL' | 'SIGSTOP'): Promise<(() => Promise<void>) | undefined> {
    const record = await this.#processOf(name);
    signalTo(record, signal);
    return signal === 'SIGKILL' ? undefined : async () => signalTo(record, 'SIGCONT');
  }

  async #processOf(name: string): Promise<ProcessRecord> {
    const deadlineMs = performance.now() + processTimeoutMs;
    for (;;) {
      const record = runningParts(this.#place.dataDir).find(({ command }) => command === name);
      if (record !== undefined) return record;
      if (performance.now() > deadlineMs) throw new Error(`${name} has not run for ${processTimeoutMs / 1_000} s`);
      await sleep(lookEveryMs);
    }
  }
}

/** The processes of the house, each under its name. */
function runningParts(dataDir: string): readonly ProcessRecord[] {
  const parts = readStatus(dataDir)?.parts ?? [];
  return parts.flatMap(({ name, processId, startTicks }) =>
    processId === undefined || startTicks === undefined ? [] : [{ pid: processId, startTicks, command: name }],
  );
}

function readyStatus(dataDir: string): ClusterStatus {
  const status = readStatus(dataDir);
  if (status === undefined) throw new Error('it has not begun');
  const missing = status.parts.filter(({ ready }) => !ready);
  if (missing.length > 0) throw new Error(`it waits for ${missing.map(({ name }) => name).join(', ')}`);
  return status;
}
