/** One transaction on one connection: begun, limited in time, and committed or rolled back. */
import type { QueryResult } from 'pg';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { transactionInTime } from '../time-limit.ts';
import type { Connection, Fate } from './connections.ts';
import { isConnectionLost, isPlanStale, isReadOnly, isWorthRepeating, postgresError } from './errors.ts';
import { isFromReplica, isPooled, readOnlyError } from './pooler.ts';
import { StatementNames } from './statement-names.ts';
import { checkParameters } from './values.ts';

export interface TransactionPlan {
  /** The statement that begins it, with its isolation; undefined when the work is a single read. */
  readonly begin: string | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly fate: Fate;
}

/** The transaction is rolled back and may be retried; `cause` is the server's error. */
export class RepeatableFailure extends Error {
  constructor(cause: unknown) {
    super('the transaction may be retried', { cause });
  }
}

export async function inTransaction<Result>(
  connection: Connection,
  plan: TransactionPlan,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = new Session(connection);
  try {
    // Not awaited: the work's first statement is sent together with it.
    const begun = plan.begin === undefined ? undefined : connection.query(plan.begin);
    const [result, beginning] = await limited(plan, Promise.all([work(session), begun]));
    session.end();
    // Through a pooler, the connection stays when its server becomes a replica.
    if (isFromReplica(beginning)) throw readOnlyError();
    if (plan.begin !== undefined) await commit(connection, plan, session);
    return result;
  } catch (error) {
    session.end();
    if (error instanceof KontorError && error.code === 'timed_out' && session.failure === undefined) plan.fate.doubtHost();
    else if (plan.begin !== undefined) await rollback(connection, plan);
    for (const reason of [session.failure, error]) {
      if (isReadOnly(reason)) plan.fate.doubtHost();
      if (isWorthRepeating(reason)) throw new RepeatableFailure(reason);
    }
    throw postgresError(error);
  }
}

/**
 * When the connection ends between COMMIT and its answer, it is unknown whether the work is stored. This is reported as
 * `unavailable` and not retried: the caller must check, or use a request key.
 */
async function commit(connection: Connection, plan: TransactionPlan, session: Session): Promise<void> {
  let command: string;
  try {
    command = (await limited(plan, connection.query('commit'))).command;
  } catch (error) {
    const isUnknown = isConnectionLost(error) || (error instanceof KontorError && error.code === 'timed_out');
    if (!isUnknown) throw error;
    plan.fate.doubtHost();
    throw new KontorError(
      'unavailable',
      'The connection to PostgreSQL was lost while committing: it is unknown whether the work was stored',
      { cause: error },
    );
  }
  // The server answers COMMIT of a failed transaction with ROLLBACK: the work caught the error, but it must not be lost.
  if (command === 'ROLLBACK') throw session.failure ?? new BrokenInvariant('the transaction was rolled back');
}

async function rollback(connection: Connection, plan: TransactionPlan): Promise<void> {
  try {
    await limited(plan, connection.query('rollback'));
  } catch {
    // The server rolls back when the connection ends.
    plan.fate.discard();
  }
}

function limited<Result>({ clock, timeoutMs }: TransactionPlan, work: Promise<Result>): Promise<Result> {
  return transactionInTime(clock, timeoutMs, work);
}

const names = new StatementNames();

/** The work's access to the connection. It ends with the transaction, so that late queries do not reach the next one. */
export class Session {
  /** The first error of the server or the connection. */
  failure: unknown;
  readonly #connection: Connection;
  #ended = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For hand-written SQL. */
  async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.execute<Row>(text, parameters)).rows;
  }

  async execute<Row extends object>(text: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    if (this.#ended) throw new KontorError('timed_out', 'The transaction has ended: it took too long, or a query was not awaited');
    checkParameters(parameters);
    try {
      const name = isPooled(this.#connection) ? undefined : names.of(text);
      return await this.#connection.query<Row>({ ...(name === undefined ? {} : { name }), text, values: [...parameters] });
    } catch (error) {
      this.failure ??= error;
      if (isPlanStale(error)) names.forget();
      throw postgresError(error);
    }
  }

  end(): void {
    this.#ended = true;
  }
}
