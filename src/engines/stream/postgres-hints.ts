/** Hints between processes that something was published, by LISTEN and NOTIFY on a separate connection; through a pooler, by polling. */
import type { Client } from 'pg';
import { type Chore, startChore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { Listeners } from '../listeners.ts';
import type { Transactions } from '../postgres/transactions.ts';

export interface HintsOptions {
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly log: Log;
}

const channel = 'kontor_stream';
/**
 * Publishes within this time share a hint. NOTIFY makes commits wait for each other, so it is not part of the publishing
 * transactions, and does not wait for the disk.
 */
const notifyEveryMs = 5;
/** Between polls, and before it listens again. */
const pauseMs = 100;
const longestPauseMs = 5_000;

/** A lost hint is harmless: consumers also poll. */
export class PostgresHints {
  readonly #options: HintsOptions;
  readonly #listeners = new Listeners();
  readonly #closing = new AbortController();
  readonly #listening: Chore;
  #client: Client | undefined;
  #notifying: Promise<void> | undefined;
  #publishedMeanwhile = false;
  #behindPooler = false;
  #snapshot: string | undefined;

  constructor(options: HintsOptions) {
    this.#options = options;
    this.#listening = startChore({
      name: 'stream-hints',
      ports: options,
      everyMs: pauseMs,
      maxPauseMs: longestPauseMs,
      failing: 'hints of published frames are not received; consumers poll meanwhile',
      work: () => (this.#behindPooler ? this.#poll() : this.#listenUntilTheEnd()),
    });
  }

  onPublished(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Wakes the consumers of this process at once, and those of other processes soon. */
  published(): void {
    this.#listeners.notifySoon();
    this.#publishedMeanwhile = true;
    this.#notifying ??= this.#notify();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => undefined);
    await Promise.all([this.#listening.stop(), this.#notifying]);
  }

  async #notify(): Promise<void> {
    while (this.#publishedMeanwhile && !this.#closing.signal.aborted) {
      this.#publishedMeanwhile = false;
      await this.#client?.query(`notify ${channel}`).catch((error: unknown) => this.#options.log.debug({ err: error }, 'a hint was lost'));
      await this.#options.clock.sleep(notifyEveryMs, this.#closing.signal);
    }
    this.#notifying = undefined;
  }

  /** Any write to the server is a hint: more than needed, and harmless. */
  async #poll(): Promise<void> {
    const snapshot = await this.#options.transactions.snapshot();
    if (snapshot !== this.#snapshot) this.#listeners.notifySoon();
    this.#snapshot = snapshot;
  }

  async #listenUntilTheEnd(): Promise<void> {
    const client = await this.#options.transactions.connections.connectApart();
    if (client === undefined) {
      this.#behindPooler = true;
      this.#options.log.info({ pollMs: pauseMs }, 'PostgreSQL is behind a pooler, which has no LISTEN: consumers poll');
      return this.#poll();
    }
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    try {
      client.on('notification', () => this.#listeners.notifySoon());
      await client.query(`set synchronous_commit = off; listen ${channel}`);
      this.#client = client;
      // Hints of earlier publishes were missed.
      this.#listeners.notifySoon();
      if (!this.#closing.signal.aborted) await ended;
    } finally {
      this.#client = undefined;
      await client.end().catch(() => undefined);
    }
  }
}
