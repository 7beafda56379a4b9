/**
 * A lease: of all processes that compete for the same name, one at a time holds the lease and does the work.
 *
 * No wall clocks are compared between machines. The holder increments `beat` at every renewal. Another process takes the
 * lease over when the holder is certainly gone, or when `beat` has not changed for `ttlMs` on its own monotonic clock. The
 * holder measures from *before* the renewal was sent, so it stops its work before another process can take over. Two may
 * still overlap for a moment (after a process was suspended), so the work must tolerate that, by a position stored with the
 * result or a compare-and-set. A lease saves work; it does not guarantee correctness.
 */
import type { Clock } from './ports/clock.ts';
import type { Ports } from './ports/ports.ts';
import type { Migration, Queries, State } from './ports/state.ts';
import { aborted } from './within-time.ts';

type LeasePorts = Pick<Ports, 'state' | 'clock' | 'holder' | 'log'>;

export interface LeaseOptions {
  readonly ports: LeasePorts;
  /** The work that the lease is for, such as `auditor` or `stocks-publisher:MSFT`. */
  readonly name: string;
  /** How long after the last renewal another process may take over when the holder is not known to be gone. */
  readonly ttlMs?: number;
  /**
   * Runs each time the lease is gained; `signal` aborts when it is lost or `stop` is called. When it ends early, the lease
   * is kept, so that no other process repeats the work. When it rejects, the error is logged, the lease is released, and
   * after a pause the process competes again: errors that must crash the role are handled inside.
   */
  readonly whileHeld: (signal: AbortSignal) => Promise<void>;
}

export interface LeaseKeeper {
  /** Whether this process holds the lease and does the work. */
  active(): boolean;
  /** Ends the work, waits for it, and releases the lease, so that another process can take it at once. */
  stop(): Promise<void>;
}

type LeaseTables = {
  lease: { name: string; holder: string; beat: number };
};

export const leaseMigrations: readonly Migration[] = [
  {
    id: 'core-001-lease',
    async up(queries) {
      await queries.schema
        .createTable('lease')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('holder', 'text', (column) => column.notNull())
        .addColumn('beat', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

const defaultTtlMs = 6_000;
/** Renewals per `ttlMs`: a single failed renewal does not lose the lease. */
const renewalsPerTtl = 4;
/** More leases than a house has. */
const maxListed = 1_000;
/** The share of `ttlMs` after which a holder without a renewal stops its work: before others may take over. */
const holdShare = 0.8;
/** The pause after failed work; it doubles up to the longest. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

export function keepLease(options: LeaseOptions): LeaseKeeper {
  const keeper = new Keeper(options);
  return { active: () => keeper.active(), stop: () => keeper.stop() };
}

/** What a waiting process last saw of the lease, and since when it has not changed. */
interface Sighting {
  readonly holder: string;
  readonly beat: number;
  readonly sinceMs: number;
}

class Keeper {
  readonly #options: LeaseOptions;
  readonly #ttlMs: number;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #term: AbortController | undefined;
  #beat = 0;
  #sighting: Sighting | undefined;
  #pauseMs = 0;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
    this.#ended = this.#run();
  }

  active(): boolean {
    return this.#term !== undefined && !this.#term.signal.aborted;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options.ports;
    while (!this.#stopping.signal.aborted) {
      const askedAt = clock.monotonicMs();
      if (await this.#gained()) {
        await this.#hold(askedAt);
        this.#sighting = undefined;
      }
      await clock.sleep(Math.max(this.#pauseMs, this.#ttlMs / renewalsPerTtl), this.#stopping.signal);
    }
    log.debug({ lease: this.#options.name }, 'no longer competing for the lease');
  }

  /** Takes the lease if it is free or expired, or if its holder is gone. */
  async #gained(): Promise<boolean> {
    const { state, log } = this.#options.ports;
    try {
      const found = await state.read((queries) => findLease(queries, this.#options.name));
      if (found && !this.#mayTakeOver(found)) return false;
      const beat = (found?.beat ?? 0) + 1;
      if (!(await state.write((queries) => this.#take(queries, found, beat)))) return false;
      this.#beat = beat;
      return true;
    } catch (error) {
      log.warn({ lease: this.#options.name, err: error }, 'the lease could not be read; trying again');
      return false;
    }
  }

  #mayTakeOver(found: { holder: string; beat: number }): boolean {
    const { clock, holder } = this.#options.ports;
    if (holder.isGone(found.holder)) return true;
    const now = clock.monotonicMs();
    const seen = this.#sighting;
    if (!seen || seen.holder !== found.holder || seen.beat !== found.beat) {
      this.#sighting = { ...found, sinceMs: now };
      return false;
    }
    return now - seen.sinceMs >= this.#ttlMs;
  }

  async #take(queries: Queries, found: { holder: string; beat: number } | undefined, beat: number): Promise<boolean> {
    const leases = queries.withTables<LeaseTables>();
    const { name, ports } = this.#options;
    if (!found) {
      const { numInsertedOrUpdatedRows } = await leases
        .insertInto('lease')
        .values({ name, holder: ports.holder.id, beat })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    }
    const { numUpdatedRows } = await leases
      .updateTable('lease')
      .set({ holder: ports.holder.id, beat })
      .where('name', '=', name)
      .where('holder', '=', found.holder)
      .where('beat', '=', found.beat)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Does the work while renewing, until it is stopped or the lease is lost; then releases the lease. */
  async #hold(gainedAt: number): Promise<void> {
    const { name, ports, whileHeld } = this.#options;
    const term = new AbortController();
    const workEnded = new AbortController();
    const end = () => term.abort();
    this.#stopping.signal.addEventListener('abort', end, { once: true });
    if (this.#stopping.signal.aborted) end();
    this.#term = term;
    ports.log.info({ lease: name }, 'gained the lease');
    const renewing = this.#renew(gainedAt, term, workEnded.signal);
    try {
      if (!term.signal.aborted) await whileHeld(term.signal);
      this.#pauseMs = 0;
      await aborted(term.signal);
    } catch (error) {
      this.#pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, this.#pauseMs * 2));
      ports.log.error({ lease: name, err: error, pauseMs: this.#pauseMs }, 'the work under the lease failed; trying again');
    }
    term.abort();
    workEnded.abort();
    await renewing;
    this.#term = undefined;
    this.#stopping.signal.removeEventListener('abort', end);
    await this.#release();
  }

  /** Renews until the work has ended, so that no other process starts before. */
  async #renew(gainedAt: number, term: AbortController, workEnded: AbortSignal): Promise<void> {
    const { clock, state, log } = this.#options.ports;
    const lease = this.#options.name;
    let holdUntil = gainedAt + this.#ttlMs * holdShare;
    const lose = (why: string) => {
      if (!term.signal.aborted) log.warn({ lease }, `lost the lease: ${why}`);
      term.abort();
    };
    const watching = watch(
      clock,
      () => holdUntil,
      workEnded,
      () => lose('it could not be renewed in time'),
    );
    while (!workEnded.aborted) {
      await clock.sleep(this.#ttlMs / renewalsPerTtl, workEnded);
      if (workEnded.aborted) break;
      const askedAt = clock.monotonicMs();
      try {
        if (!(await state.write((queries) => this.#raiseBeat(queries)))) {
          lose('another process took it over');
          break;
        }
        this.#beat += 1;
        holdUntil = askedAt + this.#ttlMs * holdShare;
      } catch (error) {
        log.warn({ lease, err: error }, 'the lease could not be renewed; trying again');
      }
    }
    await watching;
  }

  async #raiseBeat(queries: Queries): Promise<boolean> {
    const { numUpdatedRows } = await queries
      .withTables<LeaseTables>()
      .updateTable('lease')
      .set({ beat: this.#beat + 1 })
      .where('name', '=', this.#options.name)
      .where('holder', '=', this.#options.ports.holder.id)
      .where('beat', '=', this.#beat)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async #release(): Promise<void> {
    const { name, ports } = this.#options;
    try {
      await ports.state.write(async (queries) => {
        await queries
          .withTables<LeaseTables>()
          .deleteFrom('lease')
          .where('name', '=', name)
          .where('holder', '=', ports.holder.id)
          .where('beat', '=', this.#beat)
          .execute();
      });
    } catch (error) {
      ports.log.warn({ lease: name, err: error }, 'the lease could not be released; it expires by itself');
    }
  }
}

/** The id of the process that holds the lease. */
export async function leaseHolder(state: State, name: string): Promise<string | undefined> {
  return (await state.read((queries) => findLease(queries, name)))?.holder;
}

/** All leases, by name; released ones are gone. */
export async function allLeases(queries: Queries): Promise<readonly LeaseTables['lease'][]> {
  return queries
    .withTables<LeaseTables>()
    .selectFrom('lease')
    .select(['name', 'holder', 'beat'])
    .orderBy('name')
    .limit(maxListed)
    .execute();
}

async function findLease(queries: Queries, name: string): Promise<{ holder: string; beat: number } | undefined> {
  return queries.withTables<LeaseTables>().selectFrom('lease').select(['holder', 'beat']).where('name', '=', name).executeTakeFirst();
}

/** Calls `late` once when the clock passes `until()`, which may change; ends when `signal` aborts. */
async function watch(clock: Clock, until: () => number, signal: AbortSignal, late: () => void): Promise<void> {
  while (!signal.aborted) {
    const leftMs = until() - clock.monotonicMs();
    if (leftMs <= 0) return late();
    await clock.sleep(leftMs, signal);
  }
}
