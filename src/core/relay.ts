/** The relay publishes the outbox's entries to the stream, in order within a partition, each exactly once. */
import { backoffMs } from './backoff.ts';
import { type Chore, type Next, startChore } from './chores.ts';
import { BrokenInvariant, KontorError } from './errors.ts';
import { keepLease } from './lease.ts';
import { type PartitionName, removeFrame, takeFrame, waitingEntries, waitingPartitions } from './outbox.ts';
import type { Counter, Gauge } from './ports/metrics.ts';
import type { Ports } from './ports/ports.ts';
import type { Role, RoleContext, RoleStatus, Service } from './role.ts';

export interface RelayOptions {
  /** Partitions published concurrently. */
  readonly maxConcurrent?: number;
  /** How often it reads the outbox without a hint from the State. */
  readonly pollMs?: number;
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  readonly maxFrameBytes?: number;
}

const defaults = { maxConcurrent: 8, pollMs: 1_000, firstRetryMs: 100, maxRetryMs: 15_000, maxFrameBytes: 256 * 1024 };

/** Entries per frame, however small: keeps its transaction short. */
const maxFrameEntries = 1_000;
/** Partitions listed in a round: more than may fail at a time without delaying the others. */
const maxPartitions = 5_000;
/** The rest after each read of the outbox, so that a busy State, which hints at every commit, causes few reads. */
const settleMs = 10;
/** A stream that is away is tried again this soon, so that it is used soon after it is back; a full partition may wait longer. */
const maxAwayRetryMs = 1_000;
/** The longest pause between reads while the State does not answer. */
const maxReadPauseMs = 5_000;

export function relayRole(options: RelayOptions = {}): Role<never> {
  return {
    name: 'relay',
    says: 'Publishes the entries of the outbox to the stream.',
    needs: [],
    instances: { oneActive: 'one relay at a time assigns sequence numbers; the others stand by' },
    async start(context) {
      return new Relay(context, { ...defaults, ...options });
    },
  };
}

interface Failure {
  readonly attempts: number;
  readonly retryAtMs: number;
  readonly error: unknown;
}

class Relay implements Service<never> {
  readonly #ports: Ports;
  readonly #options: typeof defaults;
  readonly #fail: (error: unknown) => void;
  readonly #lease: ReturnType<typeof keepLease>;
  readonly #running = new Map<string, Promise<void>>();
  /** Partitions to start as soon as one of `maxConcurrent` places is free. */
  #due: PartitionName[] = [];
  readonly #failures = new Map<string, Failure>();
  readonly #records: Counter;
  readonly #waiting: Gauge;
  readonly #oldestSeconds: Gauge;
  /** Reads the outbox while the lease is held. */
  #reading: Chore | undefined;

  constructor({ ports, fail }: RoleContext, options: typeof defaults) {
    this.#ports = ports;
    this.#options = options;
    this.#fail = fail;
    this.#records = ports.metrics.counter('kontor_relay_records_total', 'Records published from the outbox to the stream', ['topic']);
    this.#waiting = ports.metrics.gauge('kontor_outbox_waiting_entries', 'Entries of the outbox that wait for the stream');
    this.#oldestSeconds = ports.metrics.gauge('kontor_outbox_oldest_seconds', 'How long the oldest entry of the outbox has waited');
    this.#lease = keepLease({ ports, name: 'relay', whileHeld: (signal) => this.#publishWhile(signal) });
  }

  status(): RoleStatus {
    if (!this.#lease.active()) return { ready: true, says: 'standing by' };
    const reading = this.#reading?.status();
    if (reading?.ready === false) return reading;
    const [first] = this.#failures;
    if (!first) return { ready: true, says: 'active' };
    const [name, failure] = first;
    const others = this.#failures.size > 1 ? ` (and ${this.#failures.size - 1} more)` : '';
    // Only the consumer can empty a full partition: the relay itself is ready.
    const waitsOnly = [...this.#failures.values()].every(({ error }) => error instanceof KontorError && error.code === 'overloaded');
    return { ready: waitsOnly, says: `${waitsOnly ? 'waiting for' : 'trying again'} ${name}${others}: ${messageOf(failure.error)}` };
  }

  async stop(): Promise<void> {
    await this.#lease.stop();
  }

  async #publishWhile(signal: AbortSignal): Promise<void> {
    const reading = startChore({
      name: 'relay',
      ports: this.#ports,
      everyMs: this.#options.pollMs,
      minRestMs: settleMs,
      maxPauseMs: maxReadPauseMs,
      failing: 'the outbox cannot be read',
      signal,
      work: (stopping) => this.#readOutbox(stopping),
    });
    this.#reading = reading;
    const unsubscribe = this.#ports.state.onChange(reading.wake);
    await reading.ended;
    unsubscribe();
    await Promise.all(this.#running.values());
    this.#failures.clear();
    this.#reading = undefined;
  }

  /** Starts the partitions that are due; returns when to read again. */
  async #readOutbox(signal: AbortSignal): Promise<Next> {
    const { state, clock } = this.#ports;
    const { partitions, entries } = await state.read(async (queries) => ({
      partitions: await waitingPartitions(queries, maxPartitions),
      entries: await waitingEntries(queries),
    }));
    this.#waiting.set(entries);
    this.#oldestSeconds.set(partitions.reduce((oldest, { since }) => Math.max(oldest, clock.now() - since), 0) / 1_000);
    const nowMs = clock.monotonicMs();
    const names = new Set(partitions.map(nameOf));
    for (const name of this.#failures.keys()) if (!names.has(name)) this.#failures.delete(name);
    this.#due = [];
    let inMs = this.#options.pollMs;
    for (const partition of partitions) {
      const waitMs = (this.#failures.get(nameOf(partition))?.retryAtMs ?? 0) - nowMs;
      if (waitMs > 0) inMs = Math.min(inMs, waitMs);
      else this.#due.push(partition);
    }
    this.#startDue(signal);
    return { inMs };
  }

  #startDue(signal: AbortSignal): void {
    while (this.#running.size < this.#options.maxConcurrent && !signal.aborted) {
      const partition = this.#due.shift();
      if (!partition) return;
      const name = nameOf(partition);
      if (!this.#running.has(name)) this.#running.set(name, this.#publishPartition(partition, name, signal));
    }
  }

  /** Publishes one partition until none of its entries waits. Never rejects. */
  async #publishPartition(partition: PartitionName, name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#publishFrames(partition, signal);
      if (this.#failures.delete(name)) this.#ports.log.info({ partition: name }, 'the relay publishes to this partition again');
    } catch (error) {
      this.#noteFailure(name, error);
    } finally {
      this.#running.delete(name);
      this.#startDue(signal);
      // The next read finds entries that came in after the last frame was taken.
      this.#reading?.wake();
    }
  }

  async #publishFrames(partition: PartitionName, signal: AbortSignal): Promise<void> {
    const { state, stream } = this.#ports;
    const limits = { maxFrameBytes: this.#options.maxFrameBytes, maxFrameEntries };
    let sent: number | undefined;
    for (;;) {
      const end = await stream.end(partition.topic, partition.partition);
      const frame = await state.write(async (queries) => {
        if (sent !== undefined) await removeFrame(queries, partition, sent);
        // When stopping, a published frame is still removed; the rest waits for the next relay.
        return signal.aborted ? undefined : takeFrame(queries, partition, end, limits);
      });
      if (!frame) return;
      const outcome = await stream.publish(partition.topic, partition.partition, frame);
      if (outcome === 'gap') {
        throw new KontorError(
          'conflict',
          `the stream of ${nameOf(partition)} ends at ${end ?? 'an unknown place'}, and the outbox continues at ${frame.first}: the stream has lost records, restore it from a backup`,
        );
      }
      if (outcome === 'published') this.#records.add(frame.count, { topic: partition.topic });
      sent = frame.first;
    }
  }

  #noteFailure(name: string, error: unknown): void {
    const { log, clock, random } = this.#ports;
    if (error instanceof BrokenInvariant) this.#fail(error);
    const attempts = (this.#failures.get(name)?.attempts ?? 0) + 1;
    const { firstRetryMs, maxRetryMs } = this.#options;
    const isAway = error instanceof KontorError && error.code === 'unavailable';
    const pauseMs = backoffMs(
      attempts,
      { firstMs: firstRetryMs, maxMs: isAway ? Math.min(maxAwayRetryMs, maxRetryMs) : maxRetryMs },
      random,
    );
    this.#failures.set(name, { attempts, retryAtMs: clock.monotonicMs() + pauseMs, error });
    if (attempts === 1) log.warn({ partition: name, err: error }, 'the relay could not publish; it retries until it can');
  }
}

function nameOf({ topic, partition }: PartitionName): string {
  return `${topic}/${partition}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
