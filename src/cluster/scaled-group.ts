/** The processes of one placement whose number follows the load: started, supervised, and drained before they are removed. */
import { type AutoscaleRule, decide, type Load, type Range, type ScaleState, startState } from './autoscale-rule.ts';
import { LoadMeter } from './load.ts';
import { startTicksOf } from './processes.ts';
import { type Part, type Row, type Stoppable, Supervised, type Tended } from './supervised.ts';

const lookEveryMs = 1_000;

/** A group as `kontor cluster status` shows it. */
export interface GroupRow extends Range {
  readonly name: string;
  readonly wanted: number;
  readonly running: number;
  /** Undefined while it is not known, for instance after a start. */
  readonly load: Load | undefined;
}

/** One process of the group that may run. NGINX knows all of them from the start, and passes over those that take no connections. */
interface Slot {
  readonly part: Part;
  readonly meter: LoadMeter;
  supervised: Supervised | undefined;
  /** Its orderly stop, until that has ended. */
  leaving: Promise<void> | undefined;
}

export interface ScaledGroupOptions {
  readonly name: string;
  readonly range: Range;
  /** As many as the range allows. */
  readonly parts: readonly Part[];
  readonly rule: AutoscaleRule;
  note(line: string): void;
  onDeath(name: string): void;
}

export class ScaledGroup implements Tended {
  readonly #options: ScaledGroupOptions;
  readonly #slots: readonly Slot[];
  #state: ScaleState;
  #load: Load | undefined;
  #lookAtMs = 0;

  constructor(options: ScaledGroupOptions) {
    this.#options = options;
    this.#state = startState(options.range, performance.now());
    this.#slots = options.parts.map((part) => ({
      part,
      meter: new LoadMeter(part.address),
      supervised: undefined,
      leaving: undefined,
    }));
  }

  async tend(): Promise<void> {
    this.#startMissing();
    await Promise.all(this.#running().map(({ supervised }) => supervised.tend()));
    if (performance.now() < this.#lookAtMs) return;
    this.#lookAtMs = performance.now() + lookEveryMs;
    await this.#look();
  }

  get keepsDying(): boolean {
    return this.#running().some(({ supervised }) => supervised.keepsDying);
  }

  rows(): readonly Row[] {
    return this.#slots.flatMap(({ part: { name, address, processId }, supervised, leaving }) => {
      if (supervised !== undefined) return supervised.rows();
      if (leaving === undefined) return [];
      const id = processId();
      const startTicks = id === undefined ? undefined : startTicksOf(id);
      const says = 'finishes what it began';
      return [{ name, processId: id, startTicks, state: 'leaving', restarts: 0, address, ready: false, says }];
    });
  }

  groupRow(): GroupRow {
    const { name, range } = this.#options;
    return { name, min: range.min, max: range.max, wanted: this.#state.wanted, running: this.#running().length, load: this.#load };
  }

  parts(): readonly Part[] {
    return this.#running().map(({ part }) => part);
  }

  stoppable(): readonly Stoppable[] {
    return this.#slots.flatMap(({ part: { name, stage, stop }, supervised, leaving }) => {
      // A second signal would end a process at once.
      if (leaving !== undefined) return [{ name, stage, stop: () => leaving }];
      return supervised === undefined ? [] : [{ name, stage, stop }];
    });
  }

  #running(): readonly (Slot & { readonly supervised: Supervised })[] {
    return this.#slots.filter((slot): slot is Slot & { supervised: Supervised } => slot.supervised !== undefined);
  }

  async #look(): Promise<void> {
    const running = this.#running();
    const loads = await Promise.all(running.map(({ meter }) => meter.look()));
    const known = loads.filter((load) => load !== undefined);
    const allReady =
      running.length === this.#state.wanted &&
      known.length === running.length &&
      running.every(({ supervised }) => supervised.row().ready && supervised.row().state === 'up');
    const load: Load = {
      cores: known.reduce((sum, { cores }) => sum + cores, 0),
      requestsInFlight: known.reduce((sum, { requestsInFlight }) => sum + requestsInFlight, 0),
    };
    this.#load = known.length > 0 ? load : undefined;
    const { range, rule } = this.#options;
    const next = decide(this.#state, range, { nowMs: performance.now(), load, allReady }, rule);
    if (next.wanted !== this.#state.wanted) this.#tell(next.wanted, load);
    this.#state = next;
    this.#removeSurplus();
  }

  #tell(wanted: number, load: Load): void {
    const { name, rule, note } = this.#options;
    const target = `an instance takes ${rule.coresEach} cores or ${rule.requestsEach} requests`;
    note(`${name}: ${this.#state.wanted} → ${wanted} instances, as they use ${loadText(load)}; ${target}`);
  }

  /** Waits for a slot whose last process is still leaving. */
  #startMissing(): void {
    const free = this.#slots.filter(({ supervised, leaving }) => supervised === undefined && leaving === undefined);
    const missing = this.#state.wanted - this.#running().length;
    const { note, onDeath } = this.#options;
    for (const slot of free.slice(0, Math.max(0, missing))) slot.supervised = new Supervised(slot.part, note, onDeath);
  }

  #removeSurplus(): void {
    for (const slot of this.#slots.filter(({ supervised }) => supervised !== undefined).slice(this.#state.wanted)) {
      slot.supervised = undefined;
      slot.leaving = slot.part
        .stop()
        .catch((error: Error) => this.#options.note(`${slot.part.name} did not stop: ${error.message}`))
        .then(() => {
          slot.leaving = undefined;
        });
    }
  }
}

export function loadText({ cores, requestsInFlight }: Load): string {
  return `${cores.toFixed(2)} cores with ${requestsInFlight.toFixed(1)} requests in flight`;
}
