/**
 * Claims wait here until something is due. The desk knows when the next run is due and sleeps until then; a write of this or another
 * process wakes it earlier. Those who wait are served in turn, each with a share of what there is.
 */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import type { Miner } from '../../domain/answers.ts';
import { errandsRefusals } from '../../refusals.ts';
import { admitRuns, type VisitRules } from '../../store/hosts/visits.ts';
import { type ClaimedRun, claimRuns, nextClaimAt } from '../../store/queue/claim.ts';

/** Runs of other processes are found at the latest after this, should every hint fail. */
const pollMs = 1_000;
/** Between two looks when what is due is not for those who wait. */
const notForThemMs = 200;
/** Between two looks, whatever hints come. */
const restMs = 4;
const servedAtOnce = 16;
const maxWaitingPerAccount = 64;

export interface ClaimAsked {
  readonly miner: Miner;
  readonly max: number;
  readonly waitMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly asked: ClaimAsked;
  readonly served: AbortController;
  runs: readonly ClaimedRun[];
  failure: unknown;
}

export type WaitingRoomPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>;

export class WaitingRoom {
  readonly #ports: WaitingRoomPorts;
  readonly #visits: VisitRules;
  readonly #chore: Chore;
  readonly #unlisten: () => void;
  #waiting: Waiting[] = [];
  #stopped = false;

  constructor(ports: WaitingRoomPorts, visits: VisitRules, fail: (error: unknown) => void) {
    this.#ports = ports;
    this.#visits = visits;
    this.#chore = startChore({
      name: 'errands-claims',
      ports,
      everyMs: pollMs,
      jitter: 0.2,
      minRestMs: restMs,
      maxPauseMs: pollMs,
      failing: 'runs are not handed out',
      fail,
      work: () => this.#serve(),
    });
    this.#unlisten = ports.state.onChange(() => {
      if (this.#waiting.length > 0) this.#chore.wake();
    });
  }

  /** Resolves with runs, or without any when the time is over or the desk stops. */
  async claim(asked: ClaimAsked): Promise<readonly ClaimedRun[]> {
    if (this.#stopped) return [];
    const { accountId } = asked.miner;
    const ofAccount = this.#waiting.filter((one) => one.asked.miner.accountId === accountId).length;
    if (ofAccount >= maxWaitingPerAccount) throw refuse(errandsRefusals, 'too-many-waiting', { most: maxWaitingPerAccount });
    const waiting: Waiting = { asked, served: new AbortController(), runs: [], failure: undefined };
    const leave = () => waiting.served.abort('left');
    asked.signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
    this.#chore.wake();
    // Even who does not wait is served once.
    await this.#ports.clock.sleep(Math.max(asked.waitMs, pollMs), waiting.served.signal);
    asked.signal.removeEventListener('abort', leave);
    this.#leave(waiting);
    if (waiting.failure !== undefined) throw waiting.failure;
    return waiting.runs;
  }

  status() {
    return this.#chore.status();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unlisten();
    await this.#chore.stop();
    for (const waiting of this.#waiting) waiting.served.abort('stopping');
  }

  #leave(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((one) => one !== waiting);
  }

  async #serve() {
    if (this.#waiting.length === 0) return { inMs: 60_000 };
    const { state, clock } = this.#ports;
    const nextAt = await state.read((queries) => nextClaimAt(queries));
    const untilMs = nextAt === undefined ? pollMs : nextAt - clock.now();
    if (untilMs > 0) {
      this.#sendAway();
      return { inMs: Math.min(untilMs, pollMs) };
    }
    const served = await this.#claimForSome();
    this.#sendAway();
    if (this.#waiting.length === 0) return { inMs: 60_000 };
    return served > 0 ? ('more' as const) : { inMs: notForThemMs };
  }

  /** In turn: who got nothing waits at the end. */
  async #claimForSome(): Promise<number> {
    const { state, clock, random } = this.#ports;
    const some = this.#waiting.slice(0, servedAtOnce);
    const share = (max: number) => Math.max(1, Math.ceil(max / this.#waiting.length));
    let claimed: readonly (readonly ClaimedRun[])[];
    try {
      claimed = await state.write(async (queries) => {
        const now = clock.now();
        const found = await Promise.all(
          some.map(({ asked: { miner, max } }) => claimRuns(queries, { miner, limit: share(max), now, random })),
        );
        const admitted = new Set(await admitRuns(queries, found.flat(), this.#visits, now));
        return found.map((runs) => runs.filter((run) => admitted.has(run)));
      });
    } catch (error) {
      for (const waiting of some) {
        waiting.failure = error;
        waiting.served.abort('failed');
      }
      throw error;
    }
    for (const [index, waiting] of some.entries()) {
      waiting.runs = claimed[index] ?? [];
      if (waiting.runs.length > 0) {
        this.#leave(waiting);
        waiting.served.abort('served');
      }
    }
    const left = new Set(some.filter(({ runs }) => runs.length === 0));
    this.#waiting = [...this.#waiting.filter((one) => !left.has(one)), ...this.#waiting.filter((one) => left.has(one))];
    return some.length - left.size;
  }

  /** Those who only wanted what is there. */
  #sendAway(): void {
    for (const waiting of this.#waiting) if (waiting.asked.waitMs === 0) waiting.served.abort('nothing');
  }
}
