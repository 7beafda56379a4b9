/**
 * Faults that `kontor cluster` gives to this whole process: cut off, a full disk, or a wrong clock. On SIGUSR2 the process asks the
 * cluster for its fault, has it for some seconds, and ends it by itself, whatever became of the cluster meanwhile.
 */
import type { FaultReport, ProcessFault, ProcessFaultKind } from '#core/plugs.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { faultToHave, reportFault } from './cluster-plugs.ts';
import { Cord, type Fault, faultMs } from './cord.ts';

const faults: Readonly<Record<ProcessFaultKind, Fault>> = {
  'cut-process': 'cut',
  'fill-process-disk': 'full-disk',
  'set-process-clock': 'wrong-clock',
};

interface ProcessFaultsOptions {
  /** CLUSTER_CONTROL. */
  readonly control: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class ProcessFaults {
  /** Of all that is in this process, roles or not. */
  readonly cord = new Cord();
  readonly #options: ProcessFaultsOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ProcessFaultsOptions) {
    this.#options = options;
  }

  /** Never ends: without a listener, a late signal would kill the process in the middle of its stop. */
  listen(): void {
    process.on('SIGUSR2', () => this.ask());
  }

  /** Does nothing while there is a fault. */
  ask(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#run()
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'the cluster did not say which fault this process is to have'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Ends a fault under way, so that the process can stop in order. */
  async close(): Promise<void> {
    this.#stopping.abort('stopped');
    await this.#running;
  }

  async #run(): Promise<void> {
    const fault = await faultToHave(this.#options.control);
    if (fault !== undefined && Object.hasOwn(faults, fault.kind)) await this.#have(fault);
  }

  async #have({ id, kind }: ProcessFault): Promise<void> {
    const { control, clock, log } = this.#options;
    const tell = (report: FaultReport) => reportFault(control, id, report);
    const noticed = Promise.withResolvers<void>();
    log.warn({ kind }, 'somebody pulls the plug of this process');
    this.cord.pull(faults[kind], noticed.resolve);
    try {
      await tell('pulled');
      noticed.promise
        .then(() => tell('noticed'))
        .catch((error: unknown) => log.warn({ err: error }, 'the cluster does not hear of a fault'));
      await clock.sleep(faultMs, this.#stopping.signal);
    } finally {
      this.cord.mend();
      this.cord.release();
      log.warn({ kind }, 'the fault of this process is over');
    }
  }
}
