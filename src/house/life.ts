/** The life cycle of the roles in one process: started in order, watched, drained, and stopped in reverse. */
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Role, RoleContext, RoleStatus, Service } from '#core/role.ts';
import { beforeAborted, withinTime } from '#core/within-time.ts';

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

interface Living<Web> {
  readonly role: Role<Web>;
  readonly service: Service<Web>;
}

export class Life<Web> {
  readonly #options: LifeOptions<Web>;
  readonly #living: Living<Web>[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #failed = false;

  constructor(options: LifeOptions<Web>) {
    this.#options = options;
  }

  /** Starts the roles in order; throws when one fails to start. The earlier ones run until `stop`. */
  async start(signal: AbortSignal): Promise<void> {
    const { roles, ports, startTimeoutMs } = this.#options;
    const { clock } = ports;
    for (const role of roles) {
      const log = ports.log.child({ role: role.name });
      const context = { ports: { ...ports, log }, opened: this.#opened.promise, fail: (error: unknown) => this.#fail(role, error) };
      const begunAt = clock.monotonicMs();
      const starting = startRole(role, context);
      try {
        const service = await beforeAborted(signal, withinTime(clock, startTimeoutMs, starting));
        this.#living.push({ role, service });
      } catch (error) {
        // Stop a role that becomes ready after the time-out.
        starting.then((service) => service.stop()).catch(() => {});
        throw failureOf(role, 'did not start', error);
      }
      log.debug({ tookMs: Math.round(clock.monotonicMs() - begunAt) }, 'started');
    }
  }

  /** Tells the roles that users can come in. */
  open(): void {
    this.#opened.resolve();
  }

  /** What the running roles add to the process's web server. */
  webs(): readonly Web[] {
    return this.#living.map(({ service }) => service.web).filter((web) => web !== undefined);
  }

  states(): readonly RoleState[] {
    return this.#living.map(({ role, service }) => ({ role: role.name, ...statusOf(service) }));
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
