/** State on one SQLite file: one writer with group commit, and one reader that sees snapshots. */
import type { Chore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Migration, Queries, State } from '#core/ports/state.ts';
import { Listeners } from '../listeners.ts';
import { SqliteConnection, whenNotBusy } from '../sqlite/connection.ts';
import { watchForeignChanges } from '../sqlite/foreign-changes.ts';
import { queriesOn } from '../sqlite/queries.ts';
import { transactionInTime } from '../time-limit.ts';
import { WorkQueue } from '../work-queue.ts';
import { applyMigrations, pendingMigrations } from './migrations.ts';

export interface SqliteStateOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a transaction may take, and how long it waits for another process's lock. */
  readonly writeTimeoutMs?: number;
  /** Writes, and separately reads, that may wait; beyond it, `overloaded`. */
  readonly maxWaiting?: number;
}

type Work<Result> = (queries: Queries) => Promise<Result>;

/** A group ends after this many writes, or after this long, to bound the wait of its first write. */
const maxGroupWrites = 512;
const maxGroupMs = 10;

export async function openSqliteState(options: SqliteStateOptions): Promise<State> {
  const { path, clock } = options;
  const writer = await whenNotBusy(clock, options.writeTimeoutMs ?? 10_000, () => new SqliteConnection({ path }));
  try {
    writer.execute('select count(*) from sqlite_schema');
    return new SqliteState(writer, new SqliteConnection({ path, readOnly: true }), options);
  } catch (error) {
    writer.close();
    throw error;
  }
}

class SqliteState implements State {
  readonly can = { forUpdateSkipLocked: false };
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #timeoutMs: number;
  readonly #writes: WorkQueue<Work<unknown>>;
  readonly #reads: WorkQueue<Work<unknown>>;
  readonly #listeners = new Listeners();
  #watching: Chore | undefined;

  constructor(
    writer: SqliteConnection,
    reader: SqliteConnection,
    { clock, log, writeTimeoutMs = 10_000, maxWaiting = 10_000 }: SqliteStateOptions,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#clock = clock;
    this.#log = log;
    this.#timeoutMs = writeTimeoutMs;
    this.#writes = new WorkQueue('writes', maxWaiting, () => this.#writeGroup());
    this.#reads = new WorkQueue('reads', maxWaiting, () => this.#readNext());
  }

  read<Result>(work: Work<Result>): Promise<Result> {
    return this.#reads.add(work) as Promise<Result>;
  }

  write<Result>(work: Work<Result>): Promise<Result> {
    return this.#writes.add(work) as Promise<Result>;
  }

  migrate(migrations: readonly Migration[]): Promise<readonly string[]> {
    return this.write((queries) => applyMigrations(queries, migrations, this.#clock.now()));
  }

  pending(migrations: readonly Migration[]): Promise<readonly string[]> {
    return this.read((queries) => pendingMigrations(queries, migrations));
  }

  onChange(listener: () => void): () => void {
    this.#watching ??= watchForeignChanges(this.#writer, { clock: this.#clock, log: this.#log }, () => this.#listeners.notify());
    return this.#listeners.add(listener);
  }

  async ping(): Promise<void> {
    await this.read(async () => {
      this.#reader.execute('select 1');
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#writes.close(), this.#reads.close()]);
    await this.#watching?.stop();
    this.#reader.close();
    this.#writer.close();
  }

  /** Runs the waiting writes, each in a savepoint, and commits them together. */
  async #writeGroup(): Promise<void> {
    const settlements: (() => void)[] = [];
    const rejections: ((error: unknown) => void)[] = [];
    try {
      await whenNotBusy(this.#clock, this.#timeoutMs, () => this.#writer.exec('begin immediate'));
      const startedMs = this.#clock.monotonicMs();
      for (let count = 0; count < maxGroupWrites && this.#clock.monotonicMs() - startedMs < maxGroupMs; count += 1) {
        const member = this.#writes.take();
        if (!member) break;
        rejections.push(member.reject);
        settlements.push(await this.#runInSavepoint(member));
      }
      this.#writer.exec('commit');
    } catch (error) {
      this.#rollback();
      const next = rejections.length === 0 ? this.#writes.take() : undefined;
      for (const reject of next ? [next.reject] : rejections) reject(error);
      return;
    }
    for (const settle of settlements) settle();
    this.#listeners.notify();
  }

  async #runInSavepoint({
    work,
    resolve,
    reject,
  }: {
    work: Work<unknown>;
    resolve(value: unknown): void;
    reject(error: unknown): void;
  }): Promise<() => void> {
    this.#writer.exec('savepoint member');
    try {
      const value = await this.#runLimited(this.#writer, work);
      this.#writer.exec('release member');
      return () => resolve(value);
    } catch (error) {
      // A full disk or a failed write ends the whole transaction: every member of the group gets the error.
      if (!this.#writer.inTransaction) throw error;
      this.#writer.exec('rollback to member; release member');
      return () => reject(error);
    }
  }

  async #readNext(): Promise<void> {
    const member = this.#reads.take();
    if (!member) return;
    try {
      await whenNotBusy(this.#clock, this.#timeoutMs, () => this.#reader.exec('begin'));
      member.resolve(await this.#runLimited(this.#reader, member.work));
    } catch (error) {
      member.reject(error);
    } finally {
      this.#reader.rollback();
    }
  }

  async #runLimited(connection: SqliteConnection, work: Work<unknown>): Promise<unknown> {
    const { queries, end } = queriesOn(connection);
    try {
      return await transactionInTime(this.#clock, this.#timeoutMs, work(queries));
    } finally {
      end();
    }
  }

  #rollback(): void {
    try {
      this.#writer.rollback();
    } catch (error) {
      this.#log.error({ err: error, path: this.#writer.path }, 'a transaction could not be rolled back');
    }
  }
}
