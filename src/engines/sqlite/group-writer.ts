/** Commits what arrives together as one: jobs of plain statements on one connection, each all or nothing by itself. */
import type { Clock } from '#core/ports/clock.ts';
import { WorkQueue } from '../work-queue.ts';
import { type SqliteConnection, whenNotBusy } from './connection.ts';

/** Bounds of a group, so that the first in it need not wait for ever and the event loop gets its turn. */
const maxGroupMs = 8;

type Job = () => unknown;

export class GroupWriter {
  readonly #connection: SqliteConnection;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #queue: WorkQueue<Job>;

  constructor(connection: SqliteConnection, clock: Clock, { timeoutMs, maxWaiting }: { timeoutMs: number; maxWaiting: number }) {
    this.#connection = connection;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#queue = new WorkQueue('writes', maxWaiting, () => this.#writeGroup());
  }

  /**
   * Resolves what the job returned once that is durable. A job that throws takes the others of its group with it: jobs
   * look before they write, so that only a failing disk makes them throw.
   */
  run<Result>(job: () => Result): Promise<Result> {
    return this.#queue.add(job) as Promise<Result>;
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #writeGroup(): Promise<void> {
    const members = [];
    const values: unknown[] = [];
    try {
      await whenNotBusy(this.#clock, this.#timeoutMs, () => this.#connection.exec('begin immediate'));
      const startedMs = this.#clock.monotonicMs();
      do {
        const member = this.#queue.take();
        if (!member) break;
        members.push(member);
        values.push(member.work());
      } while (this.#clock.monotonicMs() - startedMs < maxGroupMs);
      this.#connection.exec('commit');
    } catch (error) {
      this.#connection.rollback();
      const failed = members.length > 0 ? members : [this.#queue.take()];
      for (const member of failed) member?.reject(error);
      return;
    }
    members.forEach((member, index) => member.resolve(values[index]));
  }
}
