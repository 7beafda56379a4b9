/** Notices that cursors moved, in any process: by a change stream where the server has them, else by polling. */
import type { ChangeStream, Collection } from 'mongodb';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { CursorDocument } from './mongodb-documents.ts';
import { isWithoutChangeStreams } from './mongodb-errors.ts';

const lookEveryMs = 200;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** How long the server may delay its answer when nothing changed. */
const waitForChangesMs = 500;

/** A cursor moves when an application is completed; only the fact is sent. */
const moves = [{ $match: { 'updateDescription.updatedFields.applied': { $exists: true } } }, { $project: { _id: 1, operationType: 1 } }];

export interface CursorChangesOptions {
  readonly cursors: Collection<CursorDocument>;
  readonly clock: Clock;
  readonly log: Log;
}

export class CursorChanges {
  readonly #options: CursorChangesOptions;
  readonly #listeners = new Set<() => void>();
  #watching = new AbortController();
  #watch: Promise<void> = Promise.resolve();

  constructor(options: CursorChangesOptions) {
    this.#options = options;
  }

  /** Watches while there are listeners. */
  listen(listener: () => void): () => void {
    const entry = () => listener();
    if (this.#listeners.size === 0) {
      this.#watching = new AbortController();
      const { signal } = this.#watching;
      this.#watch = this.#watch.then(() => this.#watchUntil(signal));
    }
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) this.#watching.abort();
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#watching.abort();
    await this.#watch;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  async #watchUntil(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    let hasStreams = true;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      try {
        const well = () => {
          pauseMs = firstPauseMs;
        };
        if (hasStreams) await this.#follow(signal, well);
        else await this.#poll(signal, well);
      } catch (error) {
        if (signal.aborted) return;
        if (hasStreams && isWithoutChangeStreams(error)) {
          hasStreams = false;
          // Without the error: it is expected, and its stack would look like a fault.
          log.info({}, `MongoDB has no change streams, which need a replica set; polling every ${lookEveryMs} ms instead`);
          continue;
        }
        log.debug({ err: error }, 'changes in MongoDB cannot be followed; trying again');
        await clock.sleep(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  async #follow(signal: AbortSignal, well: () => void): Promise<void> {
    const stream: ChangeStream = this.#options.cursors.watch(moves, { maxAwaitTimeMS: waitForChangesMs });
    // Ends a wait for changes, which then rejects.
    const end = () => void stream.close().catch(() => {});
    signal.addEventListener('abort', end);
    try {
      await stream.tryNext();
      // Moves from before the stream was open are not in it.
      for (well(); !signal.aborted; await stream.next()) this.#notify();
    } finally {
      signal.removeEventListener('abort', end);
      await stream.close().catch(() => {});
    }
  }

  async #poll(signal: AbortSignal, well: () => void): Promise<void> {
    const { cursors, clock } = this.#options;
    let seen: string | undefined;
    while (!signal.aborted) {
      const documents = await cursors
        .find({}, { projection: { applied: 1 } })
        .sort({ _id: 1 })
        .toArray();
      const found = documents.map(({ _id, applied }) => `${_id}:${applied}`).join(' ');
      if (found !== seen) this.#notify();
      seen = found;
      well();
      await clock.sleep(lookEveryMs, signal);
    }
  }
}
