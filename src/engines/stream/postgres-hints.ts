/** Hints between processes that something was published, by LISTEN and NOTIFY on a connection of their own. */
import type { Client } from 'pg';
import { type Chore, startChore } from '#core/chores.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Connections } from '../postgres/connections.ts';

export interface HintsOptions {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: Log;
}

const channel = 'kontor_stream';
/**
 * So many publishes share a hint: NOTIFY makes commits wait for each other, which is why it is not part of the
 * publishing transactions, and not worth the disk's time either.
 */
const notifyEveryMs = 5;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** A lost hint does no harm: consumers look by themselves now and then. */
export class PostgresHints {
  readonly #options: HintsOptions;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #listening: Chore;
  #client: Client | undefined;
  #notifying: Promise<void> | undefined;
  #publishedMeanwhile = false;
  #wakePending = false;

  constructor(options: HintsOptions) {
    this.#options = options;
    this.#listening = startChore({
      name: 'stream-hints',
      ports: options,
      everyMs: firstPauseMs,
      maxPauseMs: longestPauseMs,
      failing: 'published frames are not heard of, and consumers look by themselves meanwhile',
      work: () => this.#listenUntilTheEnd(),
    });
  }

  onPublished(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Wakes the consumers of this process at once, and those of others soon. */
  published(): void {
    this.#wake();
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

  async #listenUntilTheEnd(): Promise<void> {
    const client = await this.#options.connections.connectApart();
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    try {
      client.on('notification', () => this.#wake());
      await client.query(`set synchronous_commit = off; listen ${channel}`);
      this.#client = client;
      // What was published while nobody listened gave no hint.
      this.#wake();
      if (!this.#closing.signal.aborted) await ended;
    } finally {
      this.#client = undefined;
      await client.end().catch(() => undefined);
    }
  }

  /** Once a turn of the event loop, however many hints came in it. */
  #wake(): void {
    if (this.#wakePending) return;
    this.#wakePending = true;
    setImmediate(() => {
      this.#wakePending = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
