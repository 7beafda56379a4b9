/** A connection to a MongoDB replica set: writes wait for a majority and its journals, reads for a majority, and every wait has a limit. */
import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { isWorthRepeating, mongodbError } from './mongodb-errors.ts';

export interface ConnectionOptions {
  /** `mongodb://one,two,three/?replicaSet=…`; its concerns and time-outs are overridden. */
  readonly url: string;
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to try again before failing: as long as an election should take. */
  readonly patienceMs: number;
  /** The longest that one answer may take. */
  readonly answerTimeoutMs: number;
}

const connectTimeoutMs = 5_000;
const maxConnections = 20;
const firstPauseMs = 20;
const longestPauseMs = 1_000;

export class MongodbConnection {
  readonly database: Db;
  readonly #client: MongoClient;
  readonly #options: ConnectionOptions;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    try {
      this.#client = new MongoClient(options.url, clientOptions(options));
      this.database = this.#client.db(options.database);
    } catch (error) {
      throw mongodbError(error);
    }
  }

  /**
   * Does the work, again and again while it fails for a reason that passes (an election, a lost connection) and the
   * patience lasts. The server may have done what a failed try asked for, so doing `work` twice must be harmless.
   */
  async patiently<Result>(work: () => Promise<Result>): Promise<Result> {
    const { clock, log, patienceMs } = this.#options;
    const untilMs = clock.monotonicMs() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (this.#closed) throw new KontorError('unavailable', 'The results are closed');
      try {
        return await work();
      } catch (error) {
        if (this.#closed || !isWorthRepeating(error) || clock.monotonicMs() + pauseMs > untilMs) throw mongodbError(error);
        log.debug({ err: error }, 'a request to MongoDB failed; trying again');
        await clock.sleep(pauseMs);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }
}

function clientOptions({ patienceMs, answerTimeoutMs }: ConnectionOptions): MongoClientOptions {
  return {
    appName: 'kontor',
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: answerTimeoutMs },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    retryWrites: true,
    retryReads: true,
    maxPoolSize: maxConnections,
    waitQueueTimeoutMS: patienceMs,
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: connectTimeoutMs,
    // Longer than the server may wait for a majority: its answer says more than a closed socket.
    socketTimeoutMS: answerTimeoutMs * 2,
  };
}
