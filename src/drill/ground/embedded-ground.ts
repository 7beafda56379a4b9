/** A house in one process on embedded engines, started again whenever it dies, behind a proxy that stays. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FaultProxy, faultProxy } from '#cluster/fault-proxy.ts';
import { freePort } from '#cluster/free-port.ts';
import { kontor } from '#cluster/parts.ts';
import { freezeProcess, killProcess, type ProcessPlan, readyWhen, runningProcess, startProcess, stopProcess } from '#cluster/processes.ts';
import { type Fault, type FaultKind, faultKinds } from '../faults.ts';
import { drillEnvironment, type Ground, type GroundOptions } from './ground.ts';
import { type SkewedClock, skewedClock } from './skewed-clock.ts';
import type { SmallDisk } from './small-disk.ts';

const openTimeoutMs = 60_000;
const tendEveryMs = 50;
const stopping = { signal: 'SIGTERM', timeoutMs: 15_000 } as const;

export async function openEmbeddedGround(options: GroundOptions): Promise<Ground> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kontor-drill-'));
  const dataDir = options.disk?.folder ?? path.join(folder, 'data');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const ground = new EmbeddedGround(options, {
    folder,
    dataDir,
    clock: skewedClock(folder),
    proxy: await faultProxy({ targetPort: 1 }),
  });
  try {
    await ground.open(options.signal);
    return ground;
  } catch (error) {
    await ground.close({ keepsFolder: false });
    throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly clock: SkewedClock;
  readonly proxy: FaultProxy;
}

class EmbeddedGround implements Ground {
  readonly name = 'embedded';
  readonly environment: Readonly<Record<string, string>>;
  readonly #place: Place;
  readonly #disk: SmallDisk | undefined;
  readonly #tending: NodeJS.Timeout;
  #house: ProcessPlan | undefined;
  #houses = 0;
  /** While the house is being started again. */
  #starting: Promise<unknown> | undefined;

  constructor({ pagesHost, secret, disk, note }: GroundOptions, place: Place) {
    this.#place = place;
    this.#disk = disk;
    this.environment = { DATA_DIR: place.dataDir, ...drillEnvironment(pagesHost, secret) };
    this.#tending = setInterval(
      () => void this.#tend().catch(({ message }: Error) => note(`The house does not start: ${message}`)),
      tendEveryMs,
    );
  }

  get folder(): string {
    return this.#place.folder;
  }

  get url(): string {
    const { host, port } = this.#place.proxy;
    return `http://${host}:${port}`;
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#house = await this.#newHouse();
    await open(this.#house, signal);
    this.#aim(this.#house);
  }

  targets(): ReadonlyMap<FaultKind, readonly string[]> {
    const possible = faultKinds.filter((kind) => kind !== 'full-disk' || this.#disk !== undefined);
    return new Map(possible.map((kind) => [kind, [targetOf(kind)]]));
  }

  async inject({ kind, byMs }: Fault): Promise<(() => Promise<void>) | undefined> {
    const { proxy, clock } = this.#place;
    const house = this.#house;
    if (house === undefined) throw new Error('the ground is closed');
    switch (kind) {
      case 'kill':
        await killProcess(house);
        return undefined;
      case 'stop':
        freezeProcess(house, 'SIGSTOP');
        return async () => freezeProcess(house, 'SIGCONT');
      case 'cut':
        proxy.cut();
        return async () => proxy.resume();
      case 'slow':
        proxy.delay(byMs);
        return async () => proxy.resume();
      case 'clock':
        clock.setBy(byMs);
        return async () => clock.setBy(0);
      case 'full-disk':
        this.#disk?.fill();
        return async () => this.#disk?.makeRoom();
      case 'failover':
        await this.#failOver(house);
        return undefined;
    }
  }

  async close({ keepsFolder }: { readonly keepsFolder: boolean }): Promise<void> {
    clearInterval(this.#tending);
    const { folder, proxy } = this.#place;
    const house = this.#house;
    this.#house = undefined;
    await this.#starting?.catch(() => {});
    if (house !== undefined) {
      freezeProcess(house, 'SIGCONT');
      await stopProcess(house, stopping);
    }
    await proxy.stop();
    if (!keepsFolder) rmSync(folder, { recursive: true, force: true });
  }

  /** A second house on the same data folder stands by; the first dies, and the second gets its clients. */
  async #failOver(house: ProcessPlan): Promise<void> {
    const second = await this.#newHouse();
    try {
      await open(second);
    } catch (error) {
      await killProcess(second);
      throw error;
    }
    this.#house = second;
    await killProcess(house);
    this.#aim(second);
  }

  #aim({ args }: ProcessPlan): void {
    this.#place.proxy.aim(Number(args.at(-1)));
  }

  /** Starts the house again when it has died, whatever the reason. */
  async #tend(): Promise<void> {
    const house = this.#house;
    if (house === undefined || this.#starting !== undefined || runningProcess(house) !== undefined) return;
    this.#starting = startProcess(house).finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  async #newHouse(): Promise<ProcessPlan> {
    const { folder, clock } = this.#place;
    this.#houses += 1;
    const environment = { ...this.environment, ...clock.environment };
    const port = String(await freePort());
    const plan = { name: `house-${this.#houses}`, folder, command: process.execPath, args: [kontor, 'up', '--port', port], environment };
    await startProcess(plan);
    return plan;
  }
}

function targetOf(kind: FaultKind): string {
  if (kind === 'cut' || kind === 'slow') return 'connections of clients';
  return kind === 'full-disk' ? 'data folder' : 'house';
}

/** It is ready when the clients find that it works. */
async function open(house: ProcessPlan, signal?: AbortSignal): Promise<void> {
  const answers = async () => {
    const answer = await fetch(`http://127.0.0.1:${house.args.at(-1)}/livez`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  };
  await readyWhen(house, openTimeoutMs, answers, signal);
}
