/**
 * The log of accesses of one process: takes them in without waiting, and publishes them in frames to a partition that no other
 * process writes to. Partitions are slots under a lease, so that they are few and used again.
 */
import { keepLease, leaseHolder } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import { aborted } from '#core/within-time.ts';
import type { AccessLog } from '../../api/flights-api.ts';
import { whenWord, wordsPerAccess } from '../../domain/access-records.ts';
import { flightCode } from '../../domain/flight-codes.ts';
import { AccessBuffer, type Batch } from './access-buffer.ts';
import { Emitter, type EmitterPorts } from './emitter.ts';
import { DailyHashes } from './hashes.ts';

export interface AccessLogOptions {
  readonly ports: EmitterPorts & Pick<Ports, 'metrics'>;
  /** Hashes who asked. */
  readonly key: string;
}

export interface RunningAccessLog extends AccessLog {
  /** Accesses dropped since the start. */
  dropped(): number;
  /** Publishes what waits, within a few seconds, and gives the partition back. */
  stop(): Promise<void>;
}

/** How long an access waits for others in its frame. */
const flushMs = 500;
/** How long the end of the process waits for the last accesses. */
const drainMs = 5_000;
const slots = 64;
/** Longer than a lease lives without renewal. */
const patienceMs = 10_000;
const retryMs = 1_000;
/** Codes of flights that are remembered; a full memory starts again empty. */
const maxCodes = 50_000;

export function openAccessLog(options: AccessLogOptions): RunningAccessLog {
  return new Log(options);
}

class Log implements RunningAccessLog {
  readonly #ports: AccessLogOptions['ports'];
  readonly #hashes: DailyHashes;
  readonly #buffer = new AccessBuffer();
  readonly #codes = new Map<string, number | undefined>();
  readonly #stopping = new AbortController();
  readonly #droppedTotal;
  readonly #notedTotal;
  #rest = new AbortController();
  #running: Promise<void> | undefined;
  /** Taken from the buffer, and not yet published. */
  #pending: Batch | undefined;
  #dropped = 0;
  #draining: PromiseWithResolvers<void> | undefined;

  constructor({ ports, key }: AccessLogOptions) {
    this.#ports = ports;
    this.#hashes = new DailyHashes(key);
    this.#notedTotal = ports.metrics.counter('kontor_flights_accesses_total', 'Accesses to flights.');
    this.#droppedTotal = ports.metrics.counter(
      'kontor_flights_accesses_dropped_total',
      'Accesses that were dropped under overload or at the end.',
    );
  }

  note(...[visitor, kind, flightIds]: Parameters<AccessLog['note']>): void {
    this.#notedTotal.add(flightIds.length);
    const now = this.#ports.clock.now();
    const holder = this.#hashes.of(visitor.holder, now);
    const network = this.#hashes.of(visitor.network, now);
    const when = whenWord(now, kind, visitor.holder.startsWith('account:'));
    for (const id of flightIds) {
      const flight = this.#codeOf(id);
      if (flight !== undefined && !this.#buffer.add(when, flight, holder, network)) this.#drop(1);
    }
    this.#running ??= this.#run();
    if (this.#buffer.hasFrame) this.#rest.abort('a frame is full');
  }

  dropped(): number {
    return this.#dropped;
  }

  async stop(): Promise<void> {
    if (this.#running !== undefined && (this.#pending !== undefined || !this.#buffer.empty)) {
      this.#draining = Promise.withResolvers();
      this.#rest.abort('draining');
      const limit = new AbortController();
      await Promise.race([this.#draining.promise, this.#ports.clock.sleep(drainMs, limit.signal)]);
      limit.abort('drained');
    }
    this.#stopping.abort('stopped');
    await this.#running;
    this.#drop(this.#buffer.waiting + (this.#pending?.length ?? 0) / wordsPerAccess);
  }

  #drop(accesses: number): void {
    if (accesses === 0) return;
    this.#dropped += accesses;
    this.#droppedTotal.add(accesses);
  }

  #codeOf(flightId: string): number | undefined {
    const known = this.#codes.get(flightId);
    if (known !== undefined) return known;
    if (this.#codes.size >= maxCodes) this.#codes.clear();
    const code = flightCode(flightId);
    this.#codes.set(flightId, code);
    return code;
  }

  /** Holds one slot after another, until it is stopped. */
  async #run(): Promise<void> {
    const { clock, log } = this.#ports;
    const stopping = this.#stopping.signal;
    while (!stopping.aborted) {
      try {
        await this.#holdSlot(await this.#freeSlot());
      } catch (error) {
        log.warn({ err: error }, 'no partition for accesses; trying again');
      }
      await clock.sleep(retryMs, stopping);
    }
  }

  /** The first that no living process holds, otherwise any. */
  async #freeSlot(): Promise<number> {
    const { state, holder, random } = this.#ports;
    for (let slot = 0; slot < slots; slot += 1) {
      const held = await leaseHolder(state, leaseName(slot));
      if (held === undefined || holder.isGone(held)) return slot;
    }
    return random.int(slots);
  }

  /** Publishes while the slot is held. Ends when it is lost, or was not gained in time. */
  async #holdSlot(slot: number): Promise<void> {
    const { clock } = this.#ports;
    const gained = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const keeper = keepLease({
      ports: this.#ports,
      name: leaseName(slot),
      whileHeld: async (signal) => {
        gained.resolve();
        try {
          await this.#publish(String(slot), signal);
        } finally {
          ended.resolve();
        }
      },
    });
    const late = clock.sleep(patienceMs, this.#stopping.signal).then(() => 'late');
    const first = await Promise.race([gained.promise.then(() => 'gained'), late]);
    if (first === 'gained') await Promise.race([ended.promise, aborted(this.#stopping.signal)]);
    await keeper.stop();
  }

  async #publish(partition: string, signal: AbortSignal): Promise<void> {
    const emitter = await Emitter.open(this.#ports, partition, (lost) => this.#drop(lost));
    while (!signal.aborted) {
      this.#pending ??= this.#buffer.take();
      if (this.#pending === undefined) {
        this.#draining?.resolve();
        await this.#restFor(signal);
        continue;
      }
      const outcome = await emitter.publish(this.#pending, signal);
      if (outcome === 'untried') return;
      if (outcome === 'unknown') this.#drop(this.#pending.length / wordsPerAccess);
      this.#pending = undefined;
      if (!this.#buffer.hasFrame && this.#draining === undefined) await this.#restFor(signal);
    }
  }

  async #restFor(signal: AbortSignal): Promise<void> {
    this.#rest = new AbortController();
    await this.#ports.clock.sleep(flushMs, AbortSignal.any([signal, this.#rest.signal]));
  }
}

function leaseName(slot: number): string {
  return `flights-access ${slot}`;
}
