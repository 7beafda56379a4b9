/**
 * What every process tells the house of itself, whichever roles it runs, and what it notices of the others: who started, died and
 * came back, which lease changed hands, which role is not ready, which engine cannot be reached.
 */
import { type Chore, startChore } from '#core/chores.ts';
import { type EventKind, type HouseEvent, recentEvents, recordEvents } from '#core/events.ts';
import { allLeases } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import {
  type Presence,
  type PresentRole,
  presencesAfter,
  presencesOf,
  processOf,
  removePresence,
  type Seen,
  storePresence,
} from '#core/presence.ts';
import { beforeAborted, withinTime } from '#core/within-time.ts';
import { OwnLoad, type Pulses } from './own-load.ts';

export interface PresenceOptions {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'holder' | 'log' | 'random'> & {
    readonly stream: Pick<Ports['stream'], 'ping'>;
    readonly lake: Pick<Ports['lake'], 'ping'>;
  };
  readonly name: string;
  readonly host: string;
  readonly version: string;
  roles(): readonly PresentRole[];
  partitions(): readonly string[];
  readonly pulses: Pulses;
}

const beatMs = 2_000;
/** While a pull is under way, whose seconds are counted. */
const hurriedBeatMs = 500;
const hurryMs = 60_000;
/** A row that has not changed for so long, on this process's own clock, belongs to a dead process. */
const deadAfterMs = 6_000;
/** A process that has not looked for so long cannot tell whether others were silent. */
const blindMs = 4_000;
/** Up to one more, all watch each other. When more die at once, those that follow them are noticed a little later. */
const maxWatched = 20;
const pingEveryBeats = 5;
const pingTimeoutMs = 3_000;
/** All who notice the same within this time make one event of it. */
const sameMs = 10_000;
const lookBack = 100;
const leaveMs = 2_000;
const maxTold = 100;
const maxSaysLength = 200;

interface Sighting {
  readonly beat: number;
  readonly sinceMs: number;
}

export interface RunningPresence {
  /** Takes the row away, so that nobody takes this process for dead. */
  stop(until: AbortSignal): Promise<void>;
}

export function startPresence(options: PresenceOptions): RunningPresence {
  const teller = new Teller(options);
  const chore: Chore = startChore({
    name: 'presence',
    ports: options.ports,
    everyMs: beatMs,
    maxPauseMs: beatMs,
    failing: 'the other processes do not see this one',
    work: () => teller.beat(),
  });
  return {
    async stop(until) {
      const leaving = chore.stop().then(() => teller.leave());
      await beforeAborted(until, withinTime(options.ports.clock, leaveMs, leaving));
    },
  };
}

class Teller {
  readonly #options: PresenceOptions;
  readonly #load: OwnLoad;
  readonly #startedAt: number;
  readonly #sightings = new Map<string, Sighting>();
  readonly #leases = new Map<string, string>();
  /** Of the processes that hold leases or held some. */
  readonly #names = new Map<string, string>();
  /** By port: since when the engine cannot be reached, and why. */
  readonly #away = new Map<string, { readonly at: number; readonly says: string }>();
  #roles: readonly PresentRole[] | undefined;
  /** Noticed, and not stored yet. */
  #pending: HouseEvent[] = [];
  #beat = 0;
  #lookedMs = 0;
  #hurryUntil = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#load = new OwnLoad(options.pulses);
    this.#startedAt = options.ports.clock.now();
  }

  async beat(): Promise<{ readonly inMs: number }> {
    const { ports } = this.#options;
    const { clock, state } = ports;
    this.#noticeRoles();
    if (this.#beat % pingEveryBeats === 0) await this.#pingOthers();
    try {
      const seen = await state.read(async (queries) => {
        const leases = await allLeases(queries);
        const strangers = leases.map(({ holder }) => processOf(holder)).filter((holder) => !this.#names.has(holder));
        return {
          watched: await presencesAfter(queries, ports.holder.id, maxWatched),
          strangers: await presencesOf(queries, [...new Set(strangers)]),
          leases,
          events: await recentEvents(queries, this.#beat === 0 ? lookBack : 10),
        };
      });
      for (const { holder, name } of seen.strangers) this.#names.set(holder, name);
      this.#noticeLeases(seen.leases);
      await this.#tell(seen.watched, seen.events);
      for (const { kind, at } of seen.events) if (kind === 'pulled') this.#hurryUntil = Math.max(this.#hurryUntil, at + hurryMs);
    } catch (error) {
      this.#noticeAway('state', error);
      throw error;
    }
    return { inMs: clock.now() < this.#hurryUntil ? hurriedBeatMs : beatMs };
  }

  async leave(): Promise<void> {
    const { state, clock, holder } = this.#options.ports;
    const now = clock.now();
    await state.write(async (queries) => {
      await removePresence(queries, { holder: holder.id, beat: Number.MAX_SAFE_INTEGER });
      await recordEvents(queries, [this.#event('stopped', this.#options.name, now)], now);
    });
  }

  /** Stores this process's row and what it noticed, and removes the rows of dead ones. */
  async #tell(others: readonly Seen[], earlier: readonly HouseEvent[]): Promise<void> {
    const { ports, name } = this.#options;
    const now = ports.clock.now();
    const isFirst = this.#beat === 0;
    const dead = this.#silent(others);
    const row = await this.#row(now);
    if (this.#away.has('state')) this.#noticeBack('state');
    const noticed = this.#pending.slice(0, maxTold);
    await ports.state.write(async (queries) => {
      const events = [...noticed];
      for (const one of dead) if (await removePresence(queries, one)) events.push(this.#event('died', one.name, now, {}, one.holder));
      if (!(await storePresence(queries, row))) events.push(this.#arrival(isFirst, [...events, ...earlier], name, now));
      await recordEvents(queries, events, now);
    });
    this.#beat = row.beat;
    this.#pending = this.#pending.slice(noticed.length);
    for (const { holder } of dead) this.#sightings.delete(holder);
  }

  /** One of this name that died comes back; one whose row others took away was silent for too long. */
  #arrival(isFirst: boolean, earlier: readonly HouseEvent[], name: string, now: number): HouseEvent {
    const last = earlier
      .filter(({ subject }) => subject === name)
      .reduce<HouseEvent | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
    if (last?.kind !== 'died') return this.#event(isFirst ? 'started' : 'came-back', name, now);
    return this.#event('came-back', name, now, { afterMs: now - last.at });
  }

  async #row(now: number): Promise<Presence> {
    const { ports, name, host, version, partitions } = this.#options;
    const load = await this.#load.look();
    return {
      holder: ports.holder.id,
      beat: this.#beat + 1,
      at: now,
      name,
      host,
      version,
      startedAt: this.#startedAt,
      pid: load.pid,
      memoryBytes: load.memoryBytes,
      cores: load.cores,
      pulses: load.pulses,
      roles: this.#roles ?? [],
      away: [...this.#away.keys()],
      partitions: partitions().slice(0, maxTold),
    };
  }

  /** Those whose rows do not change, and those that are certainly gone. */
  #silent(others: readonly Seen[]): readonly Seen[] {
    const { clock, holder } = this.#options.ports;
    const nowMs = clock.monotonicMs();
    const there = new Set(others.map((other) => other.holder));
    for (const known of this.#sightings.keys()) if (!there.has(known)) this.#sightings.delete(known);
    // After an outage of the State, or after this process was suspended, the others get time to renew.
    if (nowMs - this.#lookedMs > blindMs) this.#sightings.clear();
    this.#lookedMs = nowMs;
    return others.filter((other) => {
      if (other.holder === holder.id) return false;
      if (holder.isGone(other.holder)) return true;
      const seen = this.#sightings.get(other.holder);
      if (seen?.beat !== other.beat) {
        this.#sightings.set(other.holder, { beat: other.beat, sinceMs: nowMs });
        return false;
      }
      return nowMs - seen.sinceMs >= deadAfterMs;
    });
  }

  #noticeRoles(): void {
    const before = new Map(this.#roles?.map(({ role, ready }) => [role, ready]));
    this.#roles = this.#options.roles().map(({ role, ready, says }) => ({ role, ready, says: says.slice(0, maxSaysLength) }));
    const now = this.#options.ports.clock.now();
    for (const { role, ready, says } of this.#roles) {
      if ((before.get(role) ?? ready) === ready) continue;
      const values = ready ? { process: this.#options.name } : { process: this.#options.name, says };
      this.#pend(this.#event(ready ? 'ready' : 'not-ready', role, now, values));
    }
  }

  /** A lease that this process holds now, and that was another's at the last look. */
  #noticeLeases(leases: readonly { readonly name: string; readonly holder: string }[]): void {
    const { ports, name } = this.#options;
    for (const { name: lease, holder } of leases) {
      const before = this.#leases.get(lease);
      this.#leases.set(lease, holder);
      if (before === undefined || before === holder || processOf(holder) !== ports.holder.id) continue;
      const from = this.#names.get(processOf(before)) ?? 'a process that is gone';
      this.#pend(this.#event('took-over', lease, ports.clock.now(), from === name ? { process: name } : { process: name, from }));
    }
    // Processes and leases that are over are forgotten at times.
    if (this.#names.size > 1_000) this.#names.clear();
    if (this.#leases.size > 2_000) this.#leases.clear();
  }

  /** At the same time: two that do not answer, one after the other, would make this process silent for so long that it counts as dead. */
  async #pingOthers(): Promise<void> {
    const { stream, lake } = this.#options.ports;
    await Promise.all([this.#ping('stream', stream), this.#ping('lake', lake)]);
  }

  async #ping(port: string, engine: { ping(): Promise<void> }): Promise<void> {
    try {
      await withinTime(this.#options.ports.clock, pingTimeoutMs, engine.ping());
      this.#noticeBack(port);
    } catch (error) {
      this.#noticeAway(port, error);
    }
  }

  #noticeAway(port: string, error: unknown): void {
    if (this.#away.has(port)) return;
    const at = this.#options.ports.clock.now();
    const says = (error instanceof Error ? error.message : String(error)).slice(0, maxSaysLength);
    this.#away.set(port, { at, says });
    this.#pend(this.#engineEvent('engine-away', port, at, { says }));
  }

  #noticeBack(port: string): void {
    if (!this.#away.delete(port)) return;
    this.#pend(this.#engineEvent('engine-back', port, this.#options.ports.clock.now(), {}));
  }

  #engineEvent(kind: EventKind, port: string, at: number, values: HouseEvent['values']): HouseEvent {
    return { ...this.#event(kind, port, at, { ...values, process: this.#options.name }), id: `${kind} ${port} ${Math.floor(at / sameMs)}` };
  }

  #event(kind: EventKind, subject: string, at: number, values: HouseEvent['values'] = {}, key = this.#options.ports.holder.id): HouseEvent {
    return { id: `${kind} ${subject} ${key} ${at}`, at, kind, subject, values };
  }

  #pend(event: HouseEvent): void {
    if (this.#pending.length < maxTold) this.#pending.push(event);
  }
}
