/** The role that audits the laws continuously and stores the verdicts. */
import { type Chore, startChore } from '../chores.ts';
import { keepLease } from '../lease.ts';
import type { Gauge } from '../ports/metrics.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role, RoleStatus } from '../role.ts';
import { auditLaws } from './audit.ts';
import type { Law } from './law.ts';
import { storeVerdicts, type Verdict } from './verdicts.ts';

export interface AuditorOptions {
  readonly laws: readonly Law[];
  /** From the end of one audit to the start of the next. */
  readonly intervalMs: number;
  /** The longest a single law may take. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;

export function auditorRole(options: AuditorOptions): Role<never> {
  return {
    name: 'auditor',
    says: 'Checks the laws continuously and publishes the verdicts.',
    needs: [],
    instances: { oneActive: 'one audit at a time is enough; the others stand by for when it dies' },
    async start({ ports }) {
      const rounds = new AuditRounds(ports, options);
      const lease = keepLease({ ports, name: 'auditor', whileHeld: (signal) => rounds.run(signal) });
      return {
        status: () => (lease.active() ? rounds.status() : { ready: true, says: 'standing by' }),
        stop: () => lease.stop(),
      };
    },
  };
}

class AuditRounds {
  readonly #ports: Ports;
  readonly #options: AuditorOptions;
  readonly #gauges: { readonly holds: Gauge; readonly violations: Gauge; readonly took: Gauge };
  #verdicts: readonly Verdict[] = [];
  #chore: Chore | undefined;

  constructor(ports: Ports, options: AuditorOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#gauges = {
      holds: ports.metrics.gauge(
        'kontor_law_holds',
        'Whether the law held at the last audit (1), or was broken or could not be checked (0).',
        ['law'],
      ),
      violations: ports.metrics.gauge('kontor_law_violations', 'Violations found at the last audit.', ['law']),
      took: ports.metrics.gauge('kontor_law_check_seconds', 'How long the last check took.', ['law']),
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#options;
    this.#chore = startChore({
      name: 'auditor',
      ports: this.#ports,
      everyMs: intervalMs,
      maxPauseMs: intervalMs,
      failing: 'the verdicts cannot be stored',
      signal,
      work: (stopping) => this.#auditOnce(stopping),
    });
    await this.#chore.ended;
  }

  status(): RoleStatus {
    const status = this.#chore?.status();
    if (status?.ready === false) return status;
    if (this.#verdicts.length === 0) return { ready: true, says: 'active' };
    const those = (holds: false | null) => this.#verdicts.filter((verdict) => verdict.holds === holds).map(({ lawId }) => lawId);
    const [broken, unchecked] = [those(false), those(null)];
    const wrong = [
      ...(broken.length > 0 ? [`broken: ${broken.join(', ')}`] : []),
      ...(unchecked.length > 0 ? [`could not be checked: ${unchecked.join(', ')}`] : []),
    ];
    return { ready: true, says: `active; ${wrong.length > 0 ? wrong.join('; ') : `all ${this.#verdicts.length} laws hold`}` };
  }

  async #auditOnce(signal: AbortSignal): Promise<void> {
    const timeoutMs = this.#options.timeoutMs ?? defaultTimeoutMs;
    const verdicts = await auditLaws({ laws: this.#options.laws, books: this.#ports, scope: 'recent', timeoutMs, signal });
    // A stop cut the audit short: it did not reach every law.
    if (verdicts.length < this.#options.laws.length) return;
    for (const verdict of verdicts) this.#report(verdict);
    this.#verdicts = verdicts;
    await storeVerdicts(this.#ports.state, verdicts);
  }

  #report(verdict: Verdict): void {
    const law = verdict.lawId;
    this.#gauges.holds.set(verdict.holds ? 1 : 0, { law });
    this.#gauges.violations.set(verdict.violations.length, { law });
    this.#gauges.took.set(verdict.tookMs / 1000, { law });
    // Logged only on change: repeating it each round would flood the log.
    const before = this.#verdicts.find((earlier) => earlier.lawId === law);
    const changed = JSON.stringify(before?.violations ?? []) !== JSON.stringify(verdict.violations);
    if (verdict.holds === false && changed)
      this.#ports.log.error({ law, says: verdict.says, violations: verdict.violations }, 'a law is broken');
    if (verdict.holds === null && changed) this.#ports.log.warn({ law, violations: verdict.violations }, 'a law could not be checked');
    if (verdict.holds && before && !before.holds) this.#ports.log.info({ law }, 'the law holds again');
  }
}
