/**
 * Pulls the plug of roles in this process, while all others go on: cuts one off from the State and the stream, drops it and starts
 * it again, fills its disk, or sets its clock.
 */
import { KontorError } from '#core/errors.ts';
import type { Plug, PlugChoice, Plugs, PullKind, PullTimes } from '#core/plugs.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { type Cord, type Fault, faultMs, settleMs } from './cord.ts';
import type { Life } from './life.ts';

/** How long a role may take to notice by itself that it is cut off, before it is dropped. */
const noticeMs = 3_000;
/** As long as a supervisor rests before it starts a process again. */
const restMs = 1_000;
const stopMs = 5_000;
const lookEveryMs = 50;
/** A role that is not ready by then has not recovered. */
const recoveryMs = 120_000;
const maxStarts = 5;
const maxKept = 10;

const faults = new Map<PullKind, Fault>([
  ['stop-role', 'cut'],
  ['cut-role', 'cut'],
  ['fill-disk', 'full-disk'],
  ['set-clock', 'wrong-clock'],
]);

interface RolePullsOptions {
  readonly life: Life<unknown>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when a role does not start again. */
  readonly fail: (error: KontorError) => void;
}

interface Running {
  readonly drop: boolean;
  readonly fault: Fault;
  readonly role: string;
  readonly cord: Cord;
  readonly times: Times;
}

type Times = { -readonly [Key in keyof PullTimes]: PullTimes[Key] };

export class RolePulls implements Plugs {
  readonly #options: RolePullsOptions;
  readonly #pulls: Times[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: RolePullsOptions) {
    this.#options = options;
  }

  async look() {
    return { choices: this.#choices(), parts: [], groups: [], events: [], pulls: this.#pulls.map((times) => ({ ...times })) };
  }

  async pull(id: string, { kind, target }: Plug): Promise<void> {
    if (this.#running !== undefined) throw new KontorError('conflict', 'another pull is under way');
    const isChoice = this.#choices().some((choice) => choice.kind === kind && choice.target === target);
    const fault = faults.get(kind);
    const cord = this.#options.life.cordOf(target);
    if (!isChoice || fault === undefined || cord === undefined || this.#stopping.signal.aborted)
      throw new KontorError('not_found', `there is nothing like ${kind} ${target} to pull here`);
    const times: Times = { id, pulledAt: undefined, noticedAt: undefined, readyAt: undefined, failed: undefined };
    this.#pulls.unshift(times);
    this.#pulls.splice(maxKept);
    this.#options.log.warn({ role: target, kind }, 'somebody pulls the plug of a role');
    this.#running = this.#run({ drop: kind === 'stop-role', fault, role: target, cord, times })
      .catch((error: unknown) => {
        times.failed = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        cord.release();
        this.#running = undefined;
      });
  }

  /** Ends a pull under way; the role may stay down. */
  async close(): Promise<void> {
    this.#stopping.abort('stopped');
    await this.#running;
  }

  #choices(): readonly PlugChoice[] {
    return this.#options.life.droppable().flatMap((role) => {
      const choice = { target: role, roles: [role], pid: undefined };
      return [...faults.keys()].map((kind) => ({ kind, ...choice }));
    });
  }

  async #run({ drop, fault, role, cord, times }: Running): Promise<void> {
    const { life, clock } = this.#options;
    const wereNotReady = new Set(this.#notReady());
    const noticed = new AbortController();
    cord.pull(fault, () => {
      times.noticedAt ??= clock.now();
      noticed.abort('noticed');
    });
    times.pulledAt = clock.now();
    if (drop) {
      await clock.sleep(noticeMs, AbortSignal.any([noticed.signal, this.#stopping.signal]));
      await this.#restart(role, times);
    } else {
      await clock.sleep(faultMs, this.#stopping.signal);
      if (!life.failedPulled(role)) cord.mend();
    }
    times.readyAt = await this.#recovered(role, wereNotReady, times, drop ? 0 : settleMs);
  }

  /** When everything was ready again; the role may fail until `settledMs` later. Undefined when the house stops before. */
  async #recovered(role: string, wereNotReady: ReadonlySet<string>, times: Times, settledMs: number): Promise<number | undefined> {
    const { life, clock } = this.#options;
    const beganMs = clock.monotonicMs();
    let readyAt: number | undefined;
    while (!this.#stopping.signal.aborted) {
      if (life.failedPulled(role)) await this.#restart(role, times);
      const isReady = this.#notReady().every((name) => wereNotReady.has(name));
      readyAt = isReady ? (readyAt ?? clock.now()) : undefined;
      const tookMs = clock.monotonicMs() - beganMs;
      if (readyAt !== undefined && tookMs >= settledMs) return readyAt;
      if (tookMs > recoveryMs) throw new KontorError('timed_out', `it is not ready ${recoveryMs / 1_000} s after it was pulled`);
      await clock.sleep(lookEveryMs, this.#stopping.signal);
    }
    return undefined;
  }

  async #restart(role: string, times: Times): Promise<void> {
    const { life, clock, log, fail } = this.#options;
    const stopping = this.#stopping.signal;
    const over = new AbortController();
    void clock.sleep(stopMs, over.signal).then(() => over.abort('over'));
    await life.drop(role, 'its plug was pulled; it starts again in a moment', over.signal);
    over.abort('over');
    times.noticedAt ??= clock.now();
    for (let starts = 1; !stopping.aborted; starts += 1) {
      await clock.sleep(restMs, stopping);
      if (stopping.aborted) return;
      try {
        return await life.revive(role, stopping);
      } catch (error) {
        log.warn({ role, err: error, starts }, 'a role whose plug was pulled did not start again');
        if (starts < maxStarts) continue;
        // As when a role cannot start with the house: the process ends, and is started again from outside.
        fail(error as KontorError);
        throw error;
      }
    }
  }

  #notReady(): readonly string[] {
    return this.#options.life
      .states()
      .filter(({ ready }) => !ready)
      .map(({ role }) => role);
  }
}
