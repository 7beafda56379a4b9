/** Begins pulls, and follows one that is under way until the books are audited. Every process that shows the house follows, so any of them may be what is pulled. */
import { type Chore, startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import { forgetEvent, recordEvents } from '#core/events.ts';
import { latestVerdicts } from '#core/laws/verdicts.ts';
import { allLeases } from '#core/lease.ts';
import type { Plug, PlugChoice, PullTimes, WholeHouse } from '#core/plugs.ts';
import type { Ports } from '#core/ports/ports.ts';
import { type Presence, presences, processOf, roleHolderPrefix } from '#core/presence.ts';
import type { RoleStatus } from '#core/role.ts';
import { advance, type Held, type Pull } from '../domain/pull.ts';
import { beginPull, findPull, runningPull, storePull } from '../store/pulls.ts';

export type PullPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'holder' | 'log' | 'metrics'>;

const idleMs = 2_000;
const followMs = 250;

function eventIdOf(id: string): string {
  return `pulled ${id}`;
}

export type Begun =
  | { readonly outcome: 'begun'; readonly pull: Pull }
  | { readonly outcome: 'under-way' }
  | { readonly outcome: 'unknown' };

export class PullKeeper {
  readonly #ports: PullPorts;
  readonly #house: WholeHouse;
  readonly #chore: Chore;

  constructor(ports: PullPorts, house: WholeHouse) {
    this.#ports = ports;
    this.#house = house;
    this.#chore = startChore({
      name: 'overview-pulls',
      ports,
      everyMs: idleMs,
      maxPauseMs: idleMs,
      failing: 'a pull of the plug cannot be followed',
      work: () => this.#follow(),
    });
  }

  status(): RoleStatus {
    return this.#chore.status();
  }

  async stop(): Promise<void> {
    await this.#chore.stop();
  }

  async choices(): Promise<readonly PlugChoice[]> {
    const [view, rows] = await Promise.all([this.#house.plugs.look(), this.#ports.state.read(presences)]);
    return view.choices.map((choice) => {
      const roles = rows.filter(({ pid }) => pid === choice.pid).flatMap((row) => row.roles.map(({ role }) => role));
      return choice.pid === undefined ? choice : { ...choice, roles };
    });
  }

  async begin(plug: Plug): Promise<Begun> {
    const { state, clock, random } = this.#ports;
    const { plugs } = this.#house;
    const choice = (await plugs.look()).choices.find(({ kind, target }) => kind === plug.kind && target === plug.target);
    if (choice === undefined) return { outcome: 'unknown' };
    const id = random.id();
    const askedAt = clock.now();
    const pull = await state.write(async (queries) => {
      const held = this.#heldBy(choice, await allLeases(queries), await presences(queries));
      if (!(await beginPull(queries, { id, kind: plug.kind, target: plug.target, askedAt, held }))) return undefined;
      const values = { kind: plug.kind };
      await recordEvents(queries, [{ id: eventIdOf(id), at: askedAt, kind: 'pulled', subject: plug.target, values }], askedAt);
      return findPull(queries, id);
    });
    if (pull === undefined) return { outcome: 'under-way' };
    try {
      await plugs.pull(id, plug);
    } catch (error) {
      await this.#store({ ...pull, state: 'failed', why: (error as Error).message });
      if (error instanceof KontorError && error.code === 'conflict') return { outcome: 'under-way' };
      if (error instanceof KontorError && error.code === 'not_found') return { outcome: 'unknown' };
      throw error;
    }
    this.#chore.wake();
    return { outcome: 'begun', pull };
  }

  async #follow(): Promise<{ readonly inMs: number }> {
    const { state, clock } = this.#ports;
    const pull = await state.read(runningPull);
    if (pull === undefined) return { inMs: idleMs };
    const [seen, verdicts, times] = await Promise.all([
      state.read(async (queries) => ({ leases: await allLeases(queries), presences: await presences(queries) })),
      latestVerdicts(state),
      this.#timesOf(pull),
    ]);
    const next = advance(pull, { ...seen, verdicts, times, now: clock.now(), laws: this.#house.laws });
    if (next !== pull) await this.#store(next);
    return { inMs: followMs };
  }

  async #store(pull: Pull): Promise<void> {
    await this.#ports.state.write(async (queries) => {
      await storePull(queries, pull);
      // Told before it was done, because the State may be what is pulled.
      if (pull.state === 'failed' && pull.pulledAt === null) await forgetEvent(queries, eventIdOf(pull.id));
    });
  }

  async #timesOf({ id }: Pull): Promise<PullTimes | undefined> {
    const view = await this.#house.plugs.look().catch(() => undefined);
    return view?.pulls.find((times) => times.id === id);
  }

  /** The leases and partitions of the process, or of the role in this one. An engine holds none, and none depends on the time of day. */
  #heldBy({ kind, target, pid }: PlugChoice, leases: Held['leases'], rows: readonly Presence[]): Held {
    if (kind === 'kill-engine' || kind === 'set-clock' || kind === 'set-process-clock') return { leases: [], partitions: [] };
    const own = processOf(this.#ports.holder.id);
    if (pid === undefined) {
      const here = rows.filter(({ holder }) => holder === own).flatMap(({ partitions }) => partitions);
      return {
        leases: leases.filter(({ holder }) => holder.startsWith(roleHolderPrefix(own, target))),
        partitions: here.filter((name) => name.startsWith(`${target} `)),
      };
    }
    const pulled = rows.filter((row) => row.pid === pid);
    const holders = new Set(pulled.map(({ holder }) => holder));
    return {
      leases: leases.filter(({ holder }) => holders.has(processOf(holder))),
      partitions: pulled.flatMap(({ partitions }) => partitions),
    };
  }
}
