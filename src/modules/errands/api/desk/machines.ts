/** Machines of miners, as their owners see them: counted in memory, and written down every few seconds. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { errandsRefusals } from '../../refusals.ts';
import { addMachines, type MachineReport, minerState } from '../../store/trust/machines.ts';

const writeMs = 5_000;
/** Beyond it, what further machines do is not counted until the next time. */
const maxMachines = 10_000;
/** For so long a desk believes what it read of a miner. */
const knownMs = 5_000;

export interface Machine {
  readonly accountId: string;
  readonly name: string;
}

export class Machines {
  readonly #ports: Pick<Ports, 'state' | 'clock' | 'log' | 'random' | 'metrics'>;
  readonly #chore: Chore;
  readonly #reports = new Map<string, { -readonly [Name in keyof MachineReport]: MachineReport[Name] }>();
  readonly #knownUntil = new Map<string, number>();

  constructor(ports: Pick<Ports, 'state' | 'clock' | 'log' | 'random' | 'metrics'>, fail: (error: unknown) => void) {
    this.#ports = ports;
    this.#chore = startChore({
      name: 'errands-machines',
      ports,
      everyMs: writeMs,
      jitter: 0.2,
      failing: 'the machines of miners are not counted',
      fail,
      work: () => this.#write(),
    });
  }

  /** Before a claim: the account is a miner from then on. Refuses one that is shut out. */
  async greet(
    machine: Machine,
    told: { readonly version: string; readonly network: string | null; readonly concurrency: number },
  ): Promise<void> {
    const { state, clock } = this.#ports;
    const now = clock.now();
    const report = this.#report(machine, now);
    if (report !== undefined) {
      report.version = told.version;
      report.network = told.network ?? 'this machine';
      report.concurrency = told.concurrency;
    }
    if ((this.#knownUntil.get(machine.accountId) ?? 0) > now) return;
    const found = await state.write((queries) => minerState(queries, machine.accountId, now));
    if (found === 'shut-out') throw refuse(errandsRefusals, 'shut-out');
    if (this.#knownUntil.size >= maxMachines) this.#knownUntil.clear();
    this.#knownUntil.set(machine.accountId, now + knownMs);
  }

  count(machine: Machine, { pages, failures }: { readonly pages: number; readonly failures: number }): void {
    const report = this.#report(machine, this.#ports.clock.now());
    if (report === undefined) return;
    report.pages += pages;
    report.failures += failures;
  }

  async stop(): Promise<void> {
    await this.#chore.stop();
    await this.#write();
  }

  #report({ accountId, name }: Machine, now: number) {
    const key = `${accountId} ${name}`;
    const known = this.#reports.get(key);
    if (known === undefined && this.#reports.size >= maxMachines) return undefined;
    const report = known ?? {
      accountId,
      name,
      version: '',
      network: '',
      concurrency: 0,
      pages: 0,
      failures: 0,
      at: now,
    };
    report.at = now;
    this.#reports.set(key, report);
    return report;
  }

  async #write(): Promise<void> {
    if (this.#reports.size === 0) return;
    const reports = [...this.#reports.values()];
    this.#reports.clear();
    await this.#ports.state.write((queries) => addMachines(queries, reports));
  }
}
