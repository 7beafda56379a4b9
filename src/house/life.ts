/** The life cycle of the roles in one process: started in order, watched, drained, and stopped in reverse; one may be dropped and started again. */
import { BoundedMap } from '#core/bounded-map.ts';
import { KontorError } from '#core/errors.ts';
import type { WholeHouse } from '#core/plugs.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Role, RoleContext, RoleStatus, Service } from '#core/role.ts';
import { beforeAborted, withinTime } from '#core/within-time.ts';
import { Cord, roleHolder } from './cord.ts';
import { isGroup } from './graph.ts';

export interface LifeOptions<Web> {
  /** In start order. */
  readonly roles: readonly Role<Web>[];
  readonly ports: Ports;
  readonly startTimeoutMs: number;
  /** Called once, when the first role fails. */
  readonly onFailure: (failure: KontorError) => void;
}

export interface RoleState extends RoleStatus {
  readonly role: string;
}

/** A run of a role. */
interface Living<Web> {
  readonly role: Role<Web>;
  readonly cord: Cord;
  readonly holderId: string;
  readonly service: Service<Web>;
  /** Whether it failed while its plug was pulled, which ends this run and not the house. */
  readonly failedPulled: () => boolean;
}

const readyPauseMs = 50;
/** Leases of earlier runs have expired long since. */
const maxDropped = 100;

export class Life<Web> {
  readonly #options: LifeOptions<Web>;
  /** In start order. */
  readonly #living: Living<Web>[] = [];
  /** Roles that were dropped and have not started again, with why. */
  readonly #down = new Map<string, string>();
  readonly #runs = new Map<string, number>();
  /** Holders of dropped runs: their leases are free at once. */
  readonly #dropped = new BoundedMap<string, true>(maxDropped);
  readonly #opened = Promise.withResolvers<void>();
  #failed = false;
  #house: WholeHouse | undefined;

  constructor(options: LifeOptions<Web>) {
    this.#options = options;
  }

  /** Starts the roles in order; throws when one fails to start. The earlier ones run until `stop`. They may look at `house`. */
  async start(signal: AbortSignal, house?: WholeHouse): Promise<void> {
    this.#house = house;
    for (const role of this.#options.roles) this.#living.push(await this.#startOne(role, signal));
  }

  /** Tells the roles that users can come in. */
  open(): void {
    this.#opened.resolve();
  }

  /** Resolves when all roles are ready, or, with a warning, after the time that a start may take. */
  async ready(signal: AbortSignal): Promise<void> {
    const { ports, startTimeoutMs } = this.#options;
    const lastMs = ports.clock.monotonicMs() + startTimeoutMs;
    for (;;) {
      const unready = this.states().filter(({ ready }) => !ready);
      if (unready.length === 0 || signal.aborted || this.#failed) return;
      if (ports.clock.monotonicMs() > lastMs) return ports.log.warn({ roles: unready }, 'opens although some roles are not ready');
      await ports.clock.sleep(readyPauseMs, signal);
    }
  }

  /** What the running roles add to the process's web server. */
  webs(): readonly Web[] {
    return this.#living.map(({ service }) => service.web).filter((web) => web !== undefined);
  }

  states(): readonly RoleState[] {
    const down = [...this.#down].map(([role, says]) => ({ role, ready: false, says }));
    return [...this.#living.map(({ role, service }) => ({ role: role.name, ...statusOf(service) })), ...down];
  }

  /** Partitions of the stream in which the roles are active, such as `stocks-aggregator trades MSFT`. */
  partitions(): readonly string[] {
    return this.#living.flatMap(({ role, cord }) => cord.partitions().map((partition) => `${role.name} ${partition}`));
  }

  /** Roles that may be dropped: what a role adds to the web server cannot be taken away while that runs. */
  droppable(): readonly string[] {
    return this.#living.filter(({ role, service }) => service.web === undefined && !isGroup(role.name)).map(({ role }) => role.name);
  }

  cordOf(name: string): Cord | undefined {
    return this.#living.find(({ role }) => role.name === name)?.cord;
  }

  /** Whether the role failed while its plug was pulled. */
  failedPulled(name: string): boolean {
    return this.#living.find(({ role }) => role.name === name)?.failedPulled() ?? false;
  }

  /** Ends the run of a role without order: it is cut off, and cannot store or release anything any more. */
  async drop(name: string, says: string, signal: AbortSignal): Promise<void> {
    const at = this.#living.findIndex(({ role }) => role.name === name);
    const [dropped] = at === -1 ? [] : this.#living.splice(at, 1);
    if (dropped === undefined) return;
    this.#down.set(name, says);
    const { log } = this.#options.ports;
    const failed = (error: unknown) => log.debug({ role: name, err: error }, 'a dropped role did not stop in order');
    dropped.cord.drop();
    try {
      await beforeAborted(signal, dropped.service.stop());
    } catch (error) {
      failed(error);
    }
    // Those of a run that took too long to stop.
    void dropped.cord.close().catch(failed);
    this.#dropped.set(dropped.holderId, true);
  }

  /** Starts a dropped role again; throws when it does not start. */
  async revive(name: string, signal: AbortSignal): Promise<void> {
    const { roles } = this.#options;
    const role = roles.find((one) => one.name === name);
    if (role === undefined || !this.#down.has(name)) return;
    const living = await this.#startOne(role, signal);
    this.#down.delete(name);
    this.#living.push(living);
    this.#living.sort((one, other) => roles.indexOf(one.role) - roles.indexOf(other.role));
  }

  /** Drains all roles, even when one fails to. */
  async drain(signal: AbortSignal): Promise<void> {
    const draining = this.#living.map(async ({ role, service }) => {
      try {
        await service.drain?.(signal);
      } catch (error) {
        this.#options.ports.log.warn({ role: role.name, err: error }, 'could not drain its users');
      }
    });
    await Promise.all(draining);
  }

  /** Stops every role in reverse order, then throws the first failure. */
  async stop(signal: AbortSignal): Promise<void> {
    let first: KontorError | undefined;
    for (const { role, service } of this.#living.splice(0).reverse()) {
      try {
        await beforeAborted(signal, service.stop());
      } catch (error) {
        first ??= failureOf(role, 'did not stop in order', error);
      }
    }
    if (first) throw first;
  }

  async #startOne(role: Role<Web>, signal: AbortSignal): Promise<Living<Web>> {
    const { startTimeoutMs, ports } = this.#options;
    const run = (this.#runs.get(role.name) ?? 0) + 1;
    this.#runs.set(role.name, run);
    const log = ports.log.child({ role: role.name });
    const cord = new Cord();
    const holder = roleHolder(ports.holder, role.name, run, (id) => this.#dropped.get(id) === true);
    let failedPulled = false;
    const context: RoleContext = {
      ports: { ...ports, state: cord.state(ports.state), stream: cord.stream(ports.stream), clock: cord.clock(ports.clock), holder, log },
      opened: this.#opened.promise,
      ...(this.#house === undefined ? {} : { house: this.#house }),
      fail: (error) => {
        if (!cord.isPulled) return this.#fail(role, error);
        failedPulled = true;
        log.warn({ err: error }, 'failed while its plug was pulled');
      },
    };
    const begunAt = ports.clock.monotonicMs();
    const starting = cord.run(() => startRole(role, context));
    try {
      const service = await beforeAborted(signal, withinTime(ports.clock, startTimeoutMs, starting));
      log.debug({ tookMs: Math.round(ports.clock.monotonicMs() - begunAt) }, 'started');
      return { role, cord, holderId: holder.id, service, failedPulled: () => failedPulled };
    } catch (error) {
      // Stop a role that becomes ready after the time-out.
      starting.then((service) => service.stop()).catch(() => {});
      throw failureOf(role, 'did not start', error);
    }
  }

  #fail(role: Role<Web>, error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailure(failureOf(role, 'cannot go on', error));
  }
}

/** Turns a synchronous throw into a rejection. */
async function startRole<Web>(role: Role<Web>, context: RoleContext): Promise<Service<Web>> {
  return role.start(context);
}

function statusOf(service: Service): RoleStatus {
  try {
    return service.status();
  } catch (error) {
    return { ready: false, says: `its state cannot be read: ${messageOf(error)}` };
  }
}

/** Names the role, and keeps the code of a known failure such as a full disk. */
function failureOf(role: Role, what: string, error: unknown): KontorError {
  const code = error instanceof KontorError ? error.code : 'role_failed';
  return new KontorError(code, `the role ${role.name} ${what}: ${messageOf(error)}`, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
