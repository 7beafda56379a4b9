/** State on PostgreSQL: transactions at READ COMMITTED on the writable host, retried where that is safe. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { Migration, Queries, State } from '#core/ports/state.ts';
import { Listeners } from '../listeners.ts';
import { migrate } from '../postgres/migrating.ts';
import { queriesOn } from '../postgres/queries.ts';
import { Transactions } from '../postgres/transactions.ts';
import { readyOrClosed } from '../ready-or-closed.ts';
import { pendingMigrations } from './migrations.ts';

export interface PostgresStateOptions {
  /** `postgres://NAME:PASSWORD@HOST:PORT,HOST:PORT/DATABASE`: the writable host is used, and found again after a failover. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Spreads retries in time; without it, pauses are fixed. */
  readonly random?: Pick<Random, 'float'>;
  readonly maxConnections?: number;
  /** How many reads and writes may wait for a connection; beyond it, `overloaded`. */
  readonly maxWaiting?: number;
  /** How long a transaction may take. */
  readonly writeTimeoutMs?: number;
  /** How long to wait for a row that another transaction holds; by default half of `writeTimeoutMs`. */
  readonly lockTimeoutMs?: number;
  /** How long to look for a writable host. */
  readonly patienceMs?: number;
}

type Work<Result> = (queries: Queries) => Promise<Result>;

const foreignChangePollMs = 100;
const maxForeignChangePauseMs = 1_000;

export async function openPostgresState(options: PostgresStateOptions): Promise<State> {
  return readyOrClosed(new PostgresState(options), (state) => state.ping());
}

class PostgresState implements State {
  readonly can = { forUpdateSkipLocked: true };
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #transactions: Transactions;
  readonly #listeners = new Listeners();
  #watching: Chore | undefined;

  constructor({
    url,
    clock,
    log,
    random = { float: () => 1 },
    maxConnections = 16,
    maxWaiting = 10_000,
    writeTimeoutMs = 10_000,
    lockTimeoutMs,
    patienceMs = 15_000,
  }: PostgresStateOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#transactions = new Transactions({
      url,
      clock,
      log,
      random,
      applicationName: 'kontor state',
      maxConnections,
      maxWaiting,
      patienceMs,
      statementTimeoutMs: writeTimeoutMs,
      lockTimeoutMs: lockTimeoutMs ?? Math.ceil(writeTimeoutMs / 2),
    });
  }

  read<Result>(work: Work<Result>): Promise<Result> {
    return this.#transactions.run('read', (session) => work(queriesOn(session)));
  }

  async write<Result>(work: Work<Result>): Promise<Result> {
    const result = await this.#transactions.run('write', (session) => work(queriesOn(session)));
    this.#listeners.notify();
    return result;
  }

  migrate(migrations: readonly Migration[]): Promise<readonly string[]> {
    return migrate(this.#transactions, migrations, this.#clock.now());
  }

  pending(migrations: readonly Migration[]): Promise<readonly string[]> {
    return this.read((queries) => pendingMigrations(queries, migrations));
  }

  onChange(listener: () => void): () => void {
    this.#watching ??= this.#watchOtherProcesses();
    return this.#listeners.add(listener);
  }

  async ping(): Promise<void> {
    await this.#transactions.snapshot();
  }

  async close(): Promise<void> {
    await this.#watching?.stop();
    await this.#transactions.close();
  }

  /**
   * Polls, because NOTIFY serialises all commits of a server. Writes to other databases on the same server are reported, too:
   * harmless extra hints.
   */
  #watchOtherProcesses(): Chore {
    let seen: string | undefined;
    return startChore({
      name: 'foreign-changes',
      ports: { clock: this.#clock, log: this.#log },
      everyMs: foreignChangePollMs,
      maxPauseMs: maxForeignChangePauseMs,
      failing: 'changes by other processes to the State are not seen',
      work: async () => {
        const snapshot = await this.#transactions.snapshot();
        // The first poll notifies, too: a write between `onChange` and the first poll must not be missed.
        if (snapshot !== seen) this.#listeners.notify();
        seen = snapshot;
      },
    });
  }
}
