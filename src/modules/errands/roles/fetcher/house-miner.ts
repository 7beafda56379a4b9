/** The house as a miner: it takes third attempts and what miners leave, and everything where it fetches like them. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Completion } from '../../completion/completion.ts';
import { houseMiner, leaseOf } from '../../domain/leases.ts';
import { pageAnswerOf, pageLimits } from '../../domain/page-answers.ts';
import type { Fetch } from '../../ports/fetch.ts';
import { admitRuns, type VisitRules } from '../../store/hosts/visits.ts';
import { type ClaimedRun, claimRuns, nextClaimAt } from '../../store/queue/claim.ts';

/** Pages that the house fetches at the same time. */
const concurrency = 24;
const everyMs = 500;
/** Between two looks, whatever hints come. */
const restMs = 20;

export interface HouseMinerOptions {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>;
  readonly fetch: Fetch;
  readonly completion: Completion;
  readonly likeMiners: boolean;
  readonly visits: VisitRules;
  fail(error: unknown): void;
}

export class HouseMiner {
  readonly #options: HouseMinerOptions;
  readonly #chore: Chore;
  readonly #unlisten: () => void;
  readonly #fetching = new Set<Promise<void>>();

  constructor(options: HouseMinerOptions) {
    this.#options = options;
    this.#chore = startChore({
      name: 'errands-house-miner',
      ports: options.ports,
      everyMs,
      jitter: 0.2,
      minRestMs: restMs,
      failing: 'the house fetches no pages',
      fail: options.fail,
      work: () => this.#claim(),
    });
    this.#unlisten = options.likeMiners ? options.ports.state.onChange(() => this.#chore.wake()) : () => {};
  }

  status() {
    return this.#chore.status();
  }

  /** What it fetches is answered before it ends; leases of what takes too long end by themselves. */
  async stop(): Promise<void> {
    this.#unlisten();
    await this.#chore.stop();
    await Promise.all(this.#fetching);
  }

  async #claim() {
    const { ports, likeMiners, visits } = this.#options;
    const { state, clock, random } = ports;
    const limit = concurrency - this.#fetching.size;
    // It is woken when a page is there.
    if (limit <= 0) return undefined;
    const next = likeMiners ? await state.read((queries) => nextClaimAt(queries)) : undefined;
    const untilMs = next === undefined ? everyMs : Math.max(0, next - clock.now());
    if (likeMiners && untilMs > 0 && !(await this.#hasOwn())) return { inMs: Math.min(untilMs, everyMs) };
    const claimed = await state.write(async (queries) => {
      const now = clock.now();
      const runs = await claimRuns(queries, { miner: 'house', limit, now, random, likeMiners });
      return { count: runs.length, runs: await admitRuns(queries, runs, visits, now) };
    });
    for (const run of claimed.runs) {
      const fetching: Promise<void> = this.#fetchOne(run).finally(() => {
        this.#fetching.delete(fetching);
        this.#chore.wake();
      });
      this.#fetching.add(fetching);
    }
    return claimed.count === limit ? ('more' as const) : undefined;
  }

  /** Whether something that only the house may fetch is due. */
  async #hasOwn(): Promise<boolean> {
    const { state, clock } = this.#options.ports;
    const at = await state.read((queries) => nextClaimAt(queries, 'house'));
    return at !== undefined && at <= clock.now();
  }

  /** Never rejects: what cannot be stored is tried again after its lease. */
  async #fetchOne({ lease: text, address, method, headers }: ClaimedRun): Promise<void> {
    const { ports, fetch, completion } = this.#options;
    const lease = leaseOf(text);
    if (lease === undefined) return;
    ports.metrics.counter('errands_house_pages_total', 'Pages that the house asked for.').add(1);
    try {
      const answer = pageAnswerOf(await fetch.fetch({ address, method, headers, limits: pageLimits }), ports.clock.now());
      const retryAfterMs = ('retryAfterMs' in answer ? answer.retryAfterMs : undefined) ?? 0;
      const got =
        'failure' in answer
          ? { failure: answer.failure, retryAfterMs }
          : {
              status: answer.status,
              finalAddress: answer.finalAddress,
              contentType: answer.contentType ?? null,
              timings: answer.timings,
              body: answer.body,
              retryAfterMs,
            };
      await completion.complete([{ lease, miner: { accountId: houseMiner, network: null }, got }]);
    } catch (error) {
      ports.log.warn({ err: error, lease: text }, 'a page that the house fetched could not be stored');
    }
  }
}
