/** The role that lands accesses in the lake, and keeps the lake in order. Any number may run: each partition has one recorder at a time. */
import { startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import { keepLease } from '#core/lease.ts';
import type { Delivery } from '#core/ports/stream.ts';
import type { Role, RoleContext, RoleStatus, Service } from '#core/role.ts';
import { accessTopic, recorderGroup } from '../domain/access.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { type LandingOutcome, land } from './recorder/landing.ts';
import { keepLake } from './recorder/upkeep.ts';

const maxDeliveryBytes = 8 * 1_024 * 1_024;
/** Less is landed at most this often, so that quiet times do not make many small files. */
const largeDeliveryBytes = maxDeliveryBytes / 8;
const upkeepMs = 300_000;
/** How long a failure is shown: what still fails is tried again within this time. */
const failureLastsMs = 60_000;

export function recorderRole(settings: FlightsSettings): Role<never, OwnPorts> {
  return {
    name: 'flights-recorder',
    says: 'Lands the accesses to flights in the lake, as Parquet files, and keeps the lake in order.',
    needs: [],
    instances: 'many',
    start: (context) => startRecorder(settings, context),
  };
}

async function startRecorder(settings: FlightsSettings, context: RoleContext<OwnPorts>): Promise<Service<never>> {
  const recorder = new Recorder(settings, context);
  const consumer = await context.ports.stream.consume(accessTopic, recorderGroup, (delivery) => recorder.take(delivery), {
    maxDeliveryBytes,
    onError: (error, partition) => recorder.failed(error, partition),
  });
  const { ports } = context;
  const upkeep = keepLease({
    ports,
    name: 'flights-lake',
    whileHeld: (signal) =>
      startChore({
        name: 'flights-lake-upkeep',
        ports,
        everyMs: upkeepMs,
        firstAfterMs: upkeepMs,
        failing: 'files of the lake are neither merged nor listed',
        signal,
        work: (stopping) => keepLake(ports, settings, stopping),
      }).ended,
  });
  return {
    status: () => recorder.status(),
    async stop() {
      await Promise.all([consumer.stop(), upkeep.stop()]);
    },
  };
}

class Recorder {
  readonly #settings: FlightsSettings;
  readonly #context: RoleContext<OwnPorts>;
  readonly #landed;
  #failure: { readonly message: string; readonly atMs: number } | undefined;

  constructor(settings: FlightsSettings, context: RoleContext<OwnPorts>) {
    this.#settings = settings;
    this.#context = context;
    this.#landed = context.ports.metrics.counter('kontor_flights_accesses_landed_total', 'Accesses that were landed in the lake.');
  }

  async take({ partition, frames, signal }: Delivery): Promise<LandingOutcome> {
    const { clock } = this.#context.ports;
    const outcome = await land(this.#context.ports, partition, frames);
    this.#failure = undefined;
    if (outcome !== 'done') return outcome;
    this.#landed.add(frames.reduce((sum, { count }) => sum + count, 0));
    const bytes = frames.reduce((sum, { body }) => sum + body.byteLength, 0);
    if (bytes < largeDeliveryBytes) await clock.sleep(this.#settings.flightsLandSeconds * 1_000, signal);
    return 'done';
  }

  failed(error: unknown, partition: string): void {
    const { clock, log } = this.#context.ports;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#failure?.message !== message) log.warn({ err: error, partition }, 'accesses could not be landed; trying again');
    this.#failure = { message, atMs: clock.monotonicMs() };
    if (!(error instanceof KontorError)) this.#context.fail(error);
  }

  /** The house works on without the lake: accesses wait on the stream. */
  status(): RoleStatus {
    const failure = this.#failure;
    if (failure === undefined || this.#context.ports.clock.monotonicMs() - failure.atMs > failureLastsMs)
      return { ready: true, says: 'recording' };
    return { ready: true, says: `accesses wait on the stream: ${failure.message}` };
  }
}
