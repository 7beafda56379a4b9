/** A bounded pool of connections to the writable one of several PostgreSQL hosts; on failure it moves to the next host. */
import pg from 'pg';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { isConnectionLost, postgresError } from './errors.ts';
import { GatheringSocket } from './gathering-socket.ts';
import { isPooled, prepareConnection, type ServerLimits } from './pooler.ts';
import { type PostgresHost, postgresHosts } from './url.ts';
import { resultTypes } from './values.ts';

export interface ConnectionsOptions extends ServerLimits {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly maxConnections: number;
  /** How many callers may wait for a connection; beyond it, `overloaded`. */
  readonly maxWaiting: number;
  /** How long to look for a writable host before `unavailable`: as long as a failover should take. */
  readonly patienceMs: number;
}

export type Connection = pg.PoolClient;

/** What becomes of a connection after its use; without a call, it is used again. */
export interface Fate {
  /** It must not be used again. */
  discard(): void;
  /** Its host may hang or have become a replica: no connection of before is used again, and new ones are checked. */
  doubtHost(): void;
}

const connectTimeoutMs = 5_000;
const idleTimeoutMs = 30_000;
const keepAliveAfterMs = 5_000;
const firstPauseMs = 20;
const longestPauseMs = 500;

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #hosts: readonly PostgresHost[];
  readonly #pool: pg.Pool;
  readonly #inUse = new Set<Promise<unknown>>();
  #waiting = 0;
  #hostIndex = 0;
  #closed = false;
  #hurried = false;
  /** Grows with each doubt about the host: connections of earlier editions are not used again. */
  #edition = 0;
  readonly #editions = new WeakMap<pg.ClientBase, number>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#hosts = postgresHosts(options.url);
    this.#pool = this.#newPool();
  }

  /** Runs the work on a connection of the pool. */
  use<Result>(work: (connection: Connection, fate: Fate) => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(new KontorError('unavailable', 'The store is closed'));
    if (this.#waiting >= this.#options.maxWaiting) {
      return Promise.reject(
        new KontorError('overloaded', `More than ${this.#options.maxWaiting} callers wait for PostgreSQL: try again later`),
      );
    }
    const using = this.#use(work);
    this.#inUse.add(using);
    return using.finally(() => this.#inUse.delete(using));
  }

  /** A connection outside the pool, for LISTEN, to the pool's current host; undefined where a pooler is in between. */
  async connectApart(): Promise<pg.Client | undefined> {
    const hostIndex = this.#hostIndex;
    const client = new pg.Client(this.#clientOptions());
    client.on('error', () => undefined);
    try {
      await client.connect();
      await prepareConnection(client, this.#options);
      if (!isPooled(client)) return client;
      await client.end();
      return undefined;
    } catch (error) {
      await client.end().catch(() => undefined);
      this.#leaveHost(hostIndex, error);
      throw postgresError(error);
    }
  }

  /** Stops waiting for unreachable hosts. Called before closing. */
  hurry(): void {
    this.#hurried = true;
  }

  /** Accepts no more work, waits for running work, and closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#hurried = true;
    await Promise.allSettled(this.#inUse);
    await this.#pool.end();
  }

  async #use<Result>(work: (connection: Connection, fate: Fate) => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    const connection = await this.#connect().finally(() => {
      this.#waiting -= 1;
    });
    let fit = true;
    try {
      return await work(connection, {
        discard: () => {
          fit = false;
        },
        doubtHost: () => {
          fit = false;
          if (this.#editions.get(connection) === this.#edition) this.#edition += 1;
        },
      });
    } finally {
      connection.release(!fit);
    }
  }

  async #connect(): Promise<Connection> {
    const { clock, patienceMs } = this.#options;
    const untilMs = clock.monotonicMs() + patienceMs;
    let pauseMs = firstPauseMs;
    for (let attempt = 1; ; attempt += 1) {
      const hostIndex = this.#hostIndex;
      try {
        const connection = await this.#pool.connect();
        if (this.#editions.get(connection) === this.#edition) return connection;
        connection.release(true);
        continue;
      } catch (error) {
        if (isQueueTimeout(error))
          throw new KontorError(
            'overloaded',
            `All ${this.#options.maxConnections} connections to PostgreSQL were busy for ${patienceMs} ms`,
          );
        const mapped = postgresError(error);
        if (mapped instanceof KontorError && !mapped.retryable) throw mapped;
        this.#leaveHost(hostIndex, error);
        if (this.#hurried || clock.monotonicMs() >= untilMs) throw this.#noHost(error);
      }
      if (attempt % this.#hosts.length !== 0) continue;
      await clock.sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  #leaveHost(hostIndex: number, error: unknown): void {
    if (this.#hosts.length === 1 || hostIndex !== this.#hostIndex) return;
    this.#hostIndex = (hostIndex + 1) % this.#hosts.length;
    this.#options.log.debug(
      { err: error, from: this.#hosts[hostIndex]?.name, to: this.#hosts[this.#hostIndex]?.name },
      'trying the next PostgreSQL host',
    );
  }

  #noHost(error: unknown): KontorError {
    const names = this.#hosts.map((host) => host.name).join(', ');
    const reason = isConnectionLost(error) || error instanceof KontorError ? (postgresError(error) as Error).message : String(error);
    return new KontorError('unavailable', `No PostgreSQL host takes writes (${names}): ${reason}`, { cause: error });
  }

  #newPool(): pg.Pool {
    const { maxConnections, patienceMs, log } = this.#options;
    const clientOptions = () => this.#clientOptions();
    /** The pool creates clients from fixed options; this one takes the current host. */
    class CurrentHostClient extends pg.Client {
      constructor() {
        super(clientOptions());
      }
    }
    const pool = new pg.Pool({
      Client: CurrentHostClient as unknown as new () => pg.ClientBase,
      max: maxConnections,
      connectionTimeoutMillis: patienceMs,
      idleTimeoutMillis: idleTimeoutMs,
      // The pool waits for it, which its types do not say.
      onConnect: (client) => this.#prepare(client),
    });
    pool.on('error', (error) => log.debug({ err: error }, 'an idle connection to PostgreSQL ended'));
    // A connection that ends while in use rejects its query; without a listener it would also end the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  }

  #prepare(client: pg.ClientBase): Promise<void> {
    this.#editions.set(client, this.#edition);
    return prepareConnection(client, this.#options);
  }

  #clientOptions(): pg.ClientConfig {
    return {
      connectionString: this.#hosts[this.#hostIndex]?.connectionString ?? '',
      application_name: this.#options.applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
      types: resultTypes as pg.CustomTypesConfig,
      // Statements issued without waiting for each other's results are sent together.
      pipeline: true,
      stream: () => new GatheringSocket(),
    };
  }
}

function isQueueTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
