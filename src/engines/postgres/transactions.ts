/** Transactions on a pool of connections, retried up to a limit after conflicts and lost connections. */
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { Connections, type ConnectionsOptions } from './connections.ts';
import { postgresError } from './errors.ts';
import { inTransaction, RepeatableFailure, type Session } from './transaction.ts';

export interface TransactionsOptions extends ConnectionsOptions {
  /** Spreads retries in time. */
  readonly random: Pick<Random, 'float'>;
}

/** How a transaction begins, which decides its isolation and durability. */
export const beginnings = {
  /** Each statement sees everything committed before it. */
  write: 'begin isolation level read committed',
  /** For rows that may be lost in a crash: the commit does not wait for the disk. */
  unsynced: 'begin isolation level read committed; set local synchronous_commit = off',
  /** All statements see the same snapshot. */
  read: 'begin isolation level repeatable read read only',
  /** A single read is a transaction by itself. */
  single: undefined,
} as const;

/** Attempts before the caller gets the error of a conflict or a lost connection. */
const maxAttempts = 6;
const firstPauseMs = 5;
const longestPauseMs = 250;

export class Transactions {
  readonly connections: Connections;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #random: Pick<Random, 'float'>;
  readonly #timeoutMs: number;

  constructor(options: TransactionsOptions) {
    this.connections = new Connections(options);
    this.#clock = options.clock;
    this.#log = options.log;
    this.#random = options.random;
    this.#timeoutMs = options.statementTimeoutMs;
  }

  async run<Result>(
    beginning: keyof typeof beginnings,
    work: (session: Session) => Promise<Result>,
    timeoutMs = this.#timeoutMs,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.connections.use((connection, discard) =>
          inTransaction(connection, { begin: beginnings[beginning], timeoutMs, clock: this.#clock, discard }, work),
        );
      } catch (error) {
        if (!(error instanceof RepeatableFailure)) throw error;
        if (attempt === maxAttempts) throw postgresError(error.cause);
        this.#log.debug({ err: error.cause, attempt }, 'retrying a transaction');
        const longestMs = Math.min(firstPauseMs * 4 ** (attempt - 1), longestPauseMs);
        await this.#clock.sleep(longestMs * (0.5 + this.#random.float() / 2));
      }
    }
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}
