/**
 * Pulls the plug of the cluster's parts: real processes and real engines. It keeps the times itself, for the State may be what was
 * pulled. Faults inside of a process are had and ended by the process, which asks here for them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KontorError } from '#core/errors.ts';
import type { HouseEvent } from '#core/events.ts';
import {
  type FaultReport,
  type Plug,
  type PlugChoice,
  type ProcessFault,
  type PullKind,
  type PullTimes,
  processFaultKinds,
} from '#core/plugs.ts';
import { withinTime } from '#core/within-time.ts';
import { faultMs, settleMs } from '#house/cord.ts';
import { realClock } from '#house/real-clock.ts';
import type { Controlled } from './control-server.ts';
import type { GroupRow } from './scaled-group.ts';
import type { Part, Row, Tended } from './supervised.ts';

/** Longer than a lease lasts, so that others take over. */
const defaultFrozenMs = 10_000;
/** So that the process that handed the pull on can still answer. */
const beforeMs = 200;
/** How long a process may take to ask for its fault. */
const askMs = 5_000;
const recoveryMs = 180_000;
const maxKept = 20;
const maxEvents = 200;

type Times = { -readonly [Key in keyof PullTimes]: PullTimes[Key] };

interface Running {
  readonly plug: Plug;
  readonly part: Part;
  readonly times: Times;
  /** What was not ready before does not have to be ready after. */
  readonly wereNotReady: ReadonlySet<string>;
  readonly lastMs: number;
  /** Resolves when a process has begun its fault. */
  readonly begun: PromiseWithResolvers<void>;
  /** While it lasts, the part cannot have recovered. */
  lasts: boolean;
  /** It may still fail of the pull until then. */
  settledMs: number;
  readyAt: number | undefined;
}

export interface ClusterPullsOptions {
  /** The parts that run, as they change with the load. */
  tended(): readonly Tended[];
  groups(): readonly GroupRow[];
  note(line: string): void;
  /** How long `stop-process` lasts. */
  readonly frozenMs?: number;
  /** How long the faults of a process last, which it ends itself. */
  readonly faultMs?: number;
}

export class ClusterPulls implements Controlled {
  readonly #options: ClusterPullsOptions;
  readonly #pulls: Times[] = [];
  readonly #events: HouseEvent[] = [];
  readonly #stopping = new AbortController();
  /** Whether each engine and NGINX ran, and the size of each group, at the last look. */
  readonly #ran = new Map<string, boolean>();
  readonly #sizes = new Map<string, number>();
  #running: Running | undefined;
  #eventCount = 0;

  constructor(options: ClusterPullsOptions) {
    this.#options = options;
  }

  async look() {
    const kinds = new Map(this.#parts().map(({ name, kind }) => [name, kind]));
    const parts = this.#rows().map(({ name, processId, state, restarts, ready, says }) => {
      // Engines have more than one process, or none that is known.
      const pid = processId === undefined || processId === 0 ? null : processId;
      return { name, kind: kinds.get(name) ?? ('process' as const), pid, state, restarts, ready, says };
    });
    const groups = this.#options.groups().map(({ name, min, max, wanted, running }) => ({ name, min, max, wanted, running }));
    return { choices: this.#choices(), parts, groups, events: [...this.#events], pulls: this.#pulls.map((times) => ({ ...times })) };
  }

  async pull(id: string, plug: Plug): Promise<void> {
    if (this.#running !== undefined) throw new KontorError('conflict', 'another pull is under way');
    const part = this.#parts().find(({ name }) => name === plug.target);
    const isChoice = this.#choices().some(({ kind, target }) => kind === plug.kind && target === plug.target);
    if (part === undefined || !isChoice || this.#stopping.signal.aborted)
      throw new KontorError('not_found', `there is nothing like ${plug.kind} ${plug.target} to pull here`);
    const times: Times = { id, pulledAt: undefined, noticedAt: undefined, readyAt: undefined, failed: undefined };
    this.#pulls.unshift(times);
    this.#pulls.splice(maxKept);
    const wereNotReady = new Set(this.#rows().flatMap(({ name, ready }) => (ready ? [] : [name])));
    const begun = Promise.withResolvers<void>();
    const lastMs = performance.now() + recoveryMs;
    this.#running = { plug, part, times, wereNotReady, lastMs, begun, lasts: false, settledMs: 0, readyAt: undefined };
    this.#options.note(`Somebody pulls the plug of ${plug.target}: ${plug.kind}`);
    void this.#run(this.#running).catch((error: Error) => this.#fail(error.message));
  }

  /** Only until it has begun: the next run of the process does not have it. */
  faultOf(name: string): ProcessFault | undefined {
    const { plug, part, times } = this.#running ?? {};
    const kind = processFaultKinds.find((one) => one === plug?.kind);
    if (kind === undefined || times === undefined || times.pulledAt !== undefined || part?.name !== name) return undefined;
    return { id: times.id, kind };
  }

  reported(name: string, id: string, report: FaultReport): void {
    const { part, times, begun } = this.#running ?? {};
    if (times?.id !== id || part?.name !== name) return;
    times.pulledAt ??= Date.now();
    begun?.resolve();
    if (report === 'noticed') times.noticedAt ??= Date.now();
  }

  /** Told by the supervisor as soon as it sees that a part has ended. */
  died(name: string): void {
    const running = this.#running;
    if (running?.times.pulledAt === undefined || running.part.name !== name) return;
    running.times.noticedAt ??= Date.now();
    running.lasts = false;
  }

  /** Called after each round of looking at all parts, with what was seen. */
  looked(rows: readonly Row[]): void {
    this.#noticeParts(rows);
    this.#noticeGroups();
    const running = this.#running;
    if (running?.times.pulledAt === undefined) return;
    const { plug, times, part, wereNotReady, lastMs, lasts } = running;
    const own = rows.find(({ name }) => name === part.name);
    if (own?.ready === false) times.noticedAt ??= Date.now();
    // A part that goes on before anybody noticed has recovered, too.
    const isBack = own?.state === 'up' && !lasts && (times.noticedAt !== undefined || !isKill(plug.kind));
    const isReady = isBack && rows.every(({ name, ready, state }) => ready || state === 'leaving' || wereNotReady.has(name));
    running.readyAt = isReady ? (running.readyAt ?? Date.now()) : undefined;
    if (isReady && performance.now() >= running.settledMs) {
      times.readyAt = running.readyAt;
      this.#running = undefined;
    } else if (performance.now() > lastMs) this.#fail(`not everything is ready ${recoveryMs / 1_000} s after it was pulled`);
  }

  /** Lets a frozen process go on, so that it can stop in order. */
  close(): void {
    this.#stopping.abort();
    if (this.#running?.plug.kind === 'stop-process') this.#running.part.freeze?.('SIGCONT');
  }

  async #run(running: Running): Promise<void> {
    const { plug, part, times } = running;
    const signal = this.#stopping.signal;
    await sleep(beforeMs, undefined, { signal });
    if (isKill(plug.kind)) {
      times.pulledAt = Date.now();
      return part.kill();
    }
    running.lasts = true;
    if (plug.kind === 'stop-process') {
      times.pulledAt = Date.now();
      part.freeze?.('SIGSTOP');
      await sleep(this.#options.frozenMs ?? defaultFrozenMs, undefined, { signal });
      part.freeze?.('SIGCONT');
    } else await this.#fault(running);
    running.lasts = false;
  }

  /** The process asks for its fault, and ends it itself. */
  async #fault(running: Running): Promise<void> {
    const signal = this.#stopping.signal;
    running.part.nudge?.();
    await withinTime(realClock, askMs, running.begun.promise, (ms) => `the process does not ask for its fault within ${ms / 1_000} s`);
    const lastsMs = this.#options.faultMs ?? faultMs;
    await sleep(lastsMs, undefined, { signal });
    running.settledMs = performance.now() + Math.min(settleMs, lastsMs);
  }

  #fail(why: string): void {
    if (this.#running !== undefined) this.#running.times.failed = why;
    this.#running = undefined;
  }

  #parts(): readonly Part[] {
    return this.#options.tended().flatMap((one) => one.parts());
  }

  #rows(): readonly Row[] {
    return this.#options.tended().flatMap((one) => one.rows());
  }

  #choices(): readonly PlugChoice[] {
    const ready = new Set(this.#rows().flatMap((row) => (row.ready && row.state === 'up' ? [row.name] : [])));
    return this.#parts().flatMap((part): readonly PlugChoice[] => {
      if (part.notOurs === true || part.processId() === undefined) return [];
      const choice = { target: part.name, roles: [], pid: part.kind === 'process' ? part.processId() : undefined };
      if (part.kind === 'engine') return [{ kind: 'kill-engine', ...choice }];
      const kinds: readonly PullKind[] = [
        'kill-process',
        ...(part.freeze === undefined ? [] : (['stop-process'] as const)),
        // One that starts does not ask for faults yet, and the signal would end it.
        ...(part.nudge !== undefined && ready.has(part.name) ? processFaultKinds : []),
      ];
      return kinds.map((kind) => ({ kind, ...choice }));
    });
  }

  /** Engines and NGINX; processes notice each other by themselves. */
  #noticeParts(rows: readonly Row[]): void {
    // NGINX that waits for a ready process has not died.
    const runs = new Map(rows.map((row) => [row.name, row.state === 'up']));
    for (const { name, kind } of this.#parts()) {
      if (kind === 'process') continue;
      const now = runs.get(name) ?? false;
      if (this.#ran.get(name) === true && !now) this.#tell('died', name, {});
      // One that never ran before has only started.
      if (this.#ran.get(name) === false && now) this.#tell('came-back', name, {});
      if (now || this.#ran.has(name)) this.#ran.set(name, now);
    }
  }

  #noticeGroups(): void {
    for (const { name, wanted: to } of this.#options.groups()) {
      const from = this.#sizes.get(name);
      this.#sizes.set(name, to);
      if (from !== undefined && from !== to) this.#tell('scaled', name, { from, to });
    }
  }

  #tell(kind: HouseEvent['kind'], subject: string, values: HouseEvent['values']): void {
    this.#eventCount += 1;
    this.#events.unshift({ id: `cluster ${this.#eventCount}`, at: Date.now(), kind, subject, values });
    this.#events.splice(maxEvents);
  }
}

/** Of a part that is killed, somebody has to notice before it can have recovered. */
function isKill(kind: PullKind): boolean {
  return kind === 'kill-process' || kind === 'kill-engine';
}
