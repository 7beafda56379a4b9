/** Transactions on a pool of connections, retried up to a limit after conflicts and lost connections. */
import type { Random } from '#core/ports/random.ts';
import { type Connection, Connections, type ConnectionsOptions } from './connections.ts';
import { postgresError } from './errors.ts';
import { isPooled, pooledBeginning } from './pooler.ts';
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
  readonly #options: TransactionsOptions;

  constructor(options: TransactionsOptions) {
    this.connections = new Connections(options);
    this.#options = options;
  }

  async run<Result>(
    beginning: keyof typeof beginnings,
    work: (session: Session) => Promise<Result>,
    timeoutMs = this.#options.statementTimeoutMs,
  ): Promise<Result> {
    const { clock, log, random } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.connections.use((connection, fate) =>
          inTransaction(connection, { begin: this.#begin(connection, beginning), timeoutMs, clock, fate }, work),
        );
      } catch (error) {
        if (!(error instanceof RepeatableFailure)) throw error;
        if (attempt === maxAttempts) throw postgresError(error.cause);
        log.debug({ err: error.cause, attempt }, 'retrying a transaction');
        const longestMs = Math.min(firstPauseMs * 4 ** (attempt - 1), longestPauseMs);
        await clock.sleep(longestMs * (0.5 + random.float() / 2));
      }
    }
  }

  #begin(connection: Connection, beginning: keyof typeof beginnings): string | undefined {
    const begin = beginnings[beginning];
    return isPooled(connection) ? pooledBeginning(begin ?? beginnings.read, this.#options) : begin;
  }

  /** The snapshot of ended and running transactions: it changes when a transaction that wrote something ends. */
  async snapshot(): Promise<string | undefined> {
    const [row] = await this.run('single', (session) =>
      session.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot'),
    );
    return row?.snapshot;
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}
