/** One transaction on one connection: begun, limited in time, committed or rolled back, and honest about what is unknown. */
import type { QueryResult } from 'pg';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { transactionInTime } from '../time-limit.ts';
import type { Connection } from './connections.ts';
import { isConnectionLost, isPlanStale, isWorthRepeating, postgresError } from './errors.ts';
import { StatementNames } from './statement-names.ts';
import { checkParameters } from './values.ts';

export interface TransactionPlan {
  /** The statement that begins it, with its isolation; undefined when the work is one statement that reads. */
  readonly begin: string | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Called when the connection must not be used again. */
  readonly discard: () => void;
}

/** The transaction is rolled back, and the same work may succeed on another try; `cause` says what the server said. */
export class RepeatableFailure extends Error {
  constructor(cause: unknown) {
    super('the transaction may be tried again', { cause });
  }
}

export async function inTransaction<Result>(
  connection: Connection,
  plan: TransactionPlan,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = new Session(connection);
  try {
    // Not waited for: what the work asks first is on its way together with it.
    const begun = plan.begin === undefined ? undefined : connection.query(plan.begin);
    const [result] = await limited(plan, Promise.all([work(session), begun]));
    session.end();
    if (plan.begin !== undefined) await commit(connection, plan, session);
    return result;
  } catch (error) {
    session.end();
    if (error instanceof KontorError && error.code === 'timed_out' && session.failure === undefined) plan.discard();
    else if (plan.begin !== undefined) await rollback(connection, plan);
    for (const reason of [session.failure, error]) if (isWorthRepeating(reason)) throw new RepeatableFailure(reason);
    throw postgresError(error);
  }
}

/**
 * When the connection ends between sending COMMIT and hearing of it, nobody here can know whether the work is stored.
 * It is then reported as `unavailable` and not tried again: who calls must look, or use a request key.
 */
async function commit(connection: Connection, plan: TransactionPlan, session: Session): Promise<void> {
  let command: string;
  try {
    command = (await limited(plan, connection.query('commit'))).command;
  } catch (error) {
    const isUnknown = isConnectionLost(error) || (error instanceof KontorError && error.code === 'timed_out');
    if (!isUnknown) throw error;
    plan.discard();
    throw new KontorError(
      'unavailable',
      'The connection to PostgreSQL was lost while committing: it is unknown whether the work was stored',
      { cause: error },
    );
  }
  // The server answers COMMIT of a failed transaction by rolling back: the work swallowed the error, we must not.
  if (command === 'ROLLBACK') throw session.failure ?? new BrokenInvariant('the transaction was rolled back');
}

async function rollback(connection: Connection, plan: TransactionPlan): Promise<void> {
  try {
    await limited(plan, connection.query('rollback'));
  } catch {
    // The server rolls back by itself when the connection ends.
    plan.discard();
  }
}

function limited<Result>({ clock, timeoutMs }: TransactionPlan, work: Promise<Result>): Promise<Result> {
  return transactionInTime(clock, timeoutMs, work);
}

const names = new StatementNames();

/** What the work speaks to, until the transaction is over: late queries must not reach into the next one. */
export class Session {
  /** The first error that the server, or the way to it, gave. */
  failure: unknown;
  readonly #connection: Connection;
  #ended = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For those who write their SQL themselves. */
  async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.execute<Row>(text, parameters)).rows;
  }

  async execute<Row extends object>(text: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    if (this.#ended) throw new KontorError('timed_out', 'The transaction is over: it took too long, or a query was not awaited');
    checkParameters(parameters);
    try {
      const name = names.of(text);
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
