/** The house of a simulated world: processes with real roles, started, killed and stopped, each a new one with an id of its own. */

import type { Config } from '#config/options.ts';
import { readConfig } from '#config/read.ts';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Module } from '#core/module.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Random } from '#core/ports/random.ts';
import type { Composition } from '#house/composition.ts';
import { compose } from '#house/composition.ts';
import { rolesToStart } from '#house/graph.ts';
import { Life } from '#house/life.ts';
import { modules as realModules } from '#house/modules.ts';
import { type RunningPresence, startPresence } from '#house/presence.ts';
import { RolePulls } from '#house/role-pulls.ts';
import { settingsOf } from '#house/settings.ts';
import { wholeHouse } from '#house/whole-house.ts';
import type { Web } from '#http/types.ts';
import { sessionRulesFrom } from '#modules/people/options.ts';
import { peopleRole } from '#modules/people/roles/people.ts';
import { anyOf, ownDice } from './dice.ts';
import { SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';
import { Site } from './web.ts';

const front = [
  'people',
  'coins',
  'stocks-liveview',
  'stocks-intake',
  'shop-api',
  'flights-web',
  'errands-api',
  'errands-desk',
  'errands-delivery',
  'overview',
];
const back = [
  'stocks-aggregator',
  'stocks-publisher',
  'flights-recorder',
  'flights-pricer',
  'errands-scheduler',
  'errands-fetcher',
  'relay',
  'auditor',
];

/** A place where a process runs again and again. */
export interface Slot {
  readonly name: string;
  readonly roles: readonly string[];
  /** Of two processes on one machine, one knows when the other is dead. */
  readonly machine: string;
}

export const slots: readonly Slot[] = [
  { name: 'front-1', roles: front, machine: 'a' },
  { name: 'front-2', roles: front, machine: 'a' },
  { name: 'back-1', roles: back, machine: 'a' },
  { name: 'back-2', roles: back, machine: 'b' },
];

interface Running {
  readonly slot: Slot;
  readonly process: SimulatedProcess;
  readonly life: Life<Web>;
  readonly pulls: RolePulls;
  /** What it tells of itself, once it is open. */
  presence: RunningPresence | undefined;
  site: Site | undefined;
  stopping: boolean;
}

export interface HouseOptions {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly weather: Weather;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string>>;
  portsFor(process: SimulatedProcess, random: Random): Ports;
  /** Told of what must never happen. */
  broken(what: string): void;
  /** Told of each process that dies. */
  onGone(process: SimulatedProcess): void;
}

const startTimeoutMs = 60_000;
const stopMs = 10_000;
const drainMs = 6_000;

export class House {
  readonly composition: Composition;
  readonly config: Config;
  readonly #options: HouseOptions;
  readonly #modules: readonly Module<Web>[];
  readonly #running = new Map<Slot, Running>();
  readonly #dead = new Set<string>();
  /** The password of the first admin, as it was announced. */
  admin: { readonly email: string; readonly password: string } | undefined;
  starts = 0;
  closed = false;

  constructor(options: HouseOptions) {
    this.#options = options;
    this.#modules = realModules.map((module) => (module.name === 'people' ? this.#peopleWithoutThreads(module) : module));
    this.config = readConfig({ environment: options.environment, flags: new Map() }, this.#modules).config;
    this.composition = compose(this.config, this.#modules);
  }

  /** Passwords are hashed in threads: here they are hashed at once. */
  #peopleWithoutThreads(module: Module<Web>): Module<Web> {
    return {
      ...module,
      roles: (settings) => [
        peopleRole({
          sessionRules: sessionRulesFrom(settings as never),
          adminEmail: 'admin@localhost',
          publicOrigin: 'https://kontor.example',
          linksByRequest: false,
          farewells: settings.farewells,
          announce: (admin) => {
            this.admin = admin;
          },
          passwords: {
            hash: async (password) => `simulated:${password}`,
            verify: async (stored, password) => stored === `simulated:${password}`,
            isCommon: async () => false,
          },
        }),
      ],
    };
  }

  start(slot: Slot): void {
    if (this.closed || this.#running.has(slot)) return;
    const { timeline, trace, random } = this.#options;
    this.starts += 1;
    const holderId = `${slot.machine}:${this.starts}:${slot.name}`;
    const isGone = (other: string) => other.startsWith(`${slot.machine}:`) && this.#dead.has(other);
    const process = new SimulatedProcess(timeline, slot.name, { id: holderId, isGone });
    const ports = this.#options.portsFor(process, ownDice(random));
    const life = new Life({
      roles: rolesToStart(this.composition.roles, slot.roles),
      ports,
      startTimeoutMs,
      onFailure: (failure) => this.#failed(running, failure),
    });
    const { clock, log } = ports;
    const pulls = new RolePulls({ life, clock, log, fail: (failure) => this.#failed(running, failure) });
    const running: Running = { slot, process, life, pulls, presence: undefined, site: undefined, stopping: false };
    this.#running.set(slot, running);
    trace.note(`${slot.name} starts as ${holderId}`);
    process.wake(() => this.#open(running, ports));
  }

  async #open(running: Running, ports: Ports): Promise<void> {
    const { life, process, pulls, slot } = running;
    try {
      await life.start(new AbortController().signal, wholeHouse(this.config, this.composition, slot.roles, pulls));
    } catch (error) {
      // The start of a process fails in bad weather; who runs it starts it again.
      this.#lookAt(`${slot.name} did not start`, error);
      this.kill(process);
      return;
    }
    const [identify] = this.#modules.flatMap((module) => module.identify?.(settingsOf(this.config, module), ports) ?? []);
    if (identify !== undefined && slot.roles === front)
      running.site = new Site({ webs: life.webs(), sessions: { identify, demo: true }, clock: process.clock });
    life.open();
    running.presence = startPresence({
      ports,
      name: slot.name,
      host: slot.machine,
      version: 'simulated',
      roles: () => life.states(),
      partitions: () => life.partitions(),
      pulses: { counters: [], total: async () => 0 },
    });
  }

  #failed({ process, slot }: Running, failure: KontorError): void {
    this.#lookAt(`a role of ${slot.name} failed: ${failure.message}`, failure.cause ?? failure);
    this.kill(process);
  }

  /** Bad weather is no fault of the product; anything else is. */
  #lookAt(what: string, error: unknown): void {
    const cause = error instanceof KontorError && error.cause !== undefined ? error.cause : error;
    this.#options.trace.note(what);
    if (cause instanceof KontorError && cause.retryable) return;
    const kind = cause instanceof BrokenInvariant ? 'a broken invariant' : 'an error';
    this.#options.broken(`${what}: ${kind}: ${cause instanceof Error ? cause.stack : String(cause)}`);
  }

  /** It is started again after a while. */
  kill(process: SimulatedProcess): void {
    if (!process.alive) return;
    const { timeline, trace, random, onGone } = this.#options;
    trace.note(`${process.name} dies`);
    process.die();
    this.#dead.add(process.holder.id);
    onGone(process);
    for (const [slot, running] of this.#running) {
      if (running.process !== process) continue;
      this.#running.delete(slot);
      timeline.after(200 + random.float() * 8_000, () => this.start(slot));
    }
  }

  /** In order, as for a new version; then it is started again. */
  async replace(slot: Slot): Promise<void> {
    const running = this.#running.get(slot);
    if (running === undefined || running.stopping) return;
    await this.#stop(running);
    this.kill(running.process);
  }

  async #stop(running: Running): Promise<void> {
    const { timeline, trace } = this.#options;
    running.stopping = true;
    running.site = undefined;
    const [drained, ended] = [new AbortController(), new AbortController()];
    timeline.after(drainMs, () => drained.abort('drained'));
    timeline.after(stopMs, () => ended.abort('ended'));
    trace.note(`${running.slot.name} stops`);
    const { life, pulls, presence, slot } = running;
    await life.drain(drained.signal);
    await pulls.close();
    // Without the State, the row stays, and others take the process for dead.
    await presence?.stop(ended.signal).catch(() => {});
    await life.stop(ended.signal).catch((error: unknown) => this.#lookAt(`${slot.name} did not stop in order`, error));
  }

  /** Everything that runs is stopped in order, and nothing is started any more. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.#running.values()].map((running) => this.#stop(running)));
  }

  /** Every process dies at once, as when the power goes, and none starts until it is switched on. */
  switchOff(): void {
    this.closed = true;
    for (const process of this.processes()) this.kill(process);
  }

  switchOn(): void {
    this.closed = false;
    for (const slot of slots) this.start(slot);
  }

  anyFront(): { readonly process: SimulatedProcess; readonly site: Site } | undefined {
    const fronts = [...this.#running.values()].flatMap(({ process, site }) => (site === undefined ? [] : [{ process, site }]));
    return anyOf(this.#options.random, fronts);
  }

  losesAnswers(random: Random): boolean {
    return this.#options.weather.stormy && random.int(60) === 0;
  }

  /** The ids of processes that are open. */
  open(): readonly string[] {
    return [...this.#running.values()].flatMap(({ process, presence }) => (presence === undefined ? [] : [process.holder.id]));
  }

  /** Cuts any role off, or drops it and starts it again, beside all others of its process. */
  pullPlug(random: Random): void {
    const { process, pulls } = anyOf(random, [...this.#running.values()]) ?? {};
    const id = random.id();
    // Refused while another pull of this process is under way.
    process?.wake(async () => {
      const choice = anyOf(random, (await pulls?.look())?.choices ?? []);
      if (choice !== undefined) await pulls?.pull(id, choice).catch(() => {});
    });
  }

  processes(): readonly SimulatedProcess[] {
    return [...this.#running.values()].map(({ process }) => process);
  }

  /** What is not well, of roles that run. */
  unready(): readonly string[] {
    const missing = slots.filter((slot) => !this.#running.has(slot)).map(({ name }) => `${name} does not run`);
    const states = [...this.#running.values()].flatMap(({ slot, life }) =>
      life
        .states()
        .filter(({ ready }) => !ready)
        .map(({ role, says }) => `${role} of ${slot.name}: ${says}`),
    );
    return [...missing, ...states];
  }
}
