/** The relay: carries the outbox's entries to the stream, in order within a partition, nothing lost and nothing doubled. */
import { backoffMs } from './backoff.ts';
import { type Chore, type Next, startChore } from './chores.ts';
import { BrokenInvariant, KontorError } from './errors.ts';
import { keepLease } from './lease.ts';
import { type PartitionName, removeFrame, takeFrame, waitingEntries, waitingPartitions } from './outbox.ts';
import type { Counter, Gauge } from './ports/metrics.ts';
import type { Ports } from './ports/ports.ts';
import type { Role, RoleContext, RoleStatus, Service } from './role.ts';

export interface RelayOptions {
  /** Partitions carried side by side. */
  readonly maxConcurrent?: number;
  /** How often it looks by itself, should the State's hint not come. */
  readonly pollMs?: number;
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  readonly maxFrameBytes?: number;
}

const defaults = { maxConcurrent: 8, pollMs: 1_000, firstRetryMs: 100, maxRetryMs: 15_000, maxFrameBytes: 256 * 1024 };

/** Entries in a frame, however small they are: keeps its transaction short. */
const maxFrameEntries = 1_000;
/** Partitions looked at in a round: more than may fail at a time without holding up the others. */
const maxPartitions = 5_000;
/** Rests this long after each look, so that a busy State, whose hint comes with every commit, costs few looks. */
const settleMs = 10;
/** The longest pause between looks while the State does not answer. */
const maxLookPauseMs = 5_000;

export function relayRole(options: RelayOptions = {}): Role<never> {
  return {
    name: 'relay',
    says: 'Carries what was written down in the outbox to the stream.',
    needs: [],
    instances: { oneActive: 'sequence numbers are given out by one relay at a time; the others stand by' },
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
  /** Seen waiting in the last look, and to be set off as soon as one of `maxConcurrent` places is free. */
  #due: PartitionName[] = [];
  readonly #failures = new Map<string, Failure>();
  readonly #records: Counter;
  readonly #waiting: Gauge;
  readonly #oldestSeconds: Gauge;
  /** Looks at the outbox; while the lease is held. */
  #looking: Chore | undefined;

  constructor({ ports, fail }: RoleContext, options: typeof defaults) {
    this.#ports = ports;
    this.#options = options;
    this.#fail = fail;
    this.#records = ports.metrics.counter('kontor_relay_records_total', 'Records carried from the outbox to the stream', ['topic']);
    this.#waiting = ports.metrics.gauge('kontor_outbox_waiting_entries', 'Entries of the outbox that wait for the stream');
    this.#oldestSeconds = ports.metrics.gauge('kontor_outbox_oldest_seconds', 'How long the oldest entry of the outbox has waited');
    this.#lease = keepLease({ ports, name: 'relay', whileHeld: (signal) => this.#carryWhile(signal) });
  }

  status(): RoleStatus {
    if (!this.#lease.active()) return { ready: true, says: 'standing by' };
    const looking = this.#looking?.status();
    if (looking?.ready === false) return looking;
    const [first] = this.#failures;
    if (!first) return { ready: true, says: 'active' };
    const [name, failure] = first;
    const others = this.#failures.size > 1 ? ` (and ${this.#failures.size - 1} more)` : '';
    // A full partition is the consumer's to empty: the relay holds on, and nobody is helped by taking it out of service.
    const waitsOnly = [...this.#failures.values()].every(({ error }) => error instanceof KontorError && error.code === 'overloaded');
    return { ready: waitsOnly, says: `${waitsOnly ? 'waiting for' : 'trying again'} ${name}${others}: ${messageOf(failure.error)}` };
  }

  async stop(): Promise<void> {
    await this.#lease.stop();
  }

  async #carryWhile(signal: AbortSignal): Promise<void> {
    const looking = startChore({
      name: 'relay',
      ports: this.#ports,
      everyMs: this.#options.pollMs,
      minRestMs: settleMs,
      maxPauseMs: maxLookPauseMs,
      failing: 'the outbox cannot be read',
      signal,
      work: (stopping) => this.#look(stopping),
    });
    this.#looking = looking;
    const unsubscribe = this.#ports.state.onChange(looking.wake);
    await looking.ended;
    unsubscribe();
    await Promise.all(this.#running.values());
    this.#failures.clear();
    this.#looking = undefined;
  }

  /** Starts what waits and can be carried now; resolves when to look again if nothing happens. */
  async #look(signal: AbortSignal): Promise<Next> {
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
      if (!this.#running.has(name)) this.#running.set(name, this.#carry(partition, name, signal));
    }
  }

  /** Carries one partition until nothing of it waits. Never rejects. */
  async #carry(partition: PartitionName, name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#carryFrames(partition, signal);
      if (this.#failures.delete(name)) this.#ports.log.info({ partition: name }, 'the relay carries this partition again');
    } catch (error) {
      this.#noteFailure(name, error);
    } finally {
      this.#running.delete(name);
      this.#startDue(signal);
      // What came in for this partition after its last frame was taken is found by looking again.
      this.#looking?.wake();
    }
  }

  async #carryFrames(partition: PartitionName, signal: AbortSignal): Promise<void> {
    const { state, stream } = this.#ports;
    const limits = { maxFrameBytes: this.#options.maxFrameBytes, maxFrameEntries };
    let sent: number | undefined;
    for (;;) {
      const end = await stream.end(partition.topic, partition.partition);
      const frame = await state.write(async (queries) => {
        if (sent !== undefined) await removeFrame(queries, partition, sent);
        // When stopping, what was sent is still removed; what is not taken waits for the next relay.
        return signal.aborted ? undefined : takeFrame(queries, partition, end, limits);
      });
      if (!frame) return;
      const outcome = await stream.publish(partition.topic, partition.partition, frame);
      if (outcome === 'gap') {
        throw new KontorError(
          'conflict',
          `the stream of ${nameOf(partition)} ends at ${end ?? 'an unknown place'}, and the outbox goes on at ${frame.first}: the stream has lost records, restore it from a backup`,
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
    const pauseMs = backoffMs(attempts, { firstMs: firstRetryMs, maxMs: maxRetryMs }, random);
    this.#failures.set(name, { attempts, retryAtMs: clock.monotonicMs() + pauseMs, error });
    if (attempts === 1) log.warn({ partition: name, err: error }, 'the relay could not publish; it tries again until it can');
  }
}

function nameOf({ topic, partition }: PartitionName): string {
  return `${topic}/${partition}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
