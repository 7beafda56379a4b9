/** Fails what nobody fetched in time, and refunds it, before the promise is broken. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { failOverdue } from '../../store/queue/fail.ts';

/** Runs fail at 115 s, and the promise is 120 s. */
const everyMs = 1_000;
const maxPauseMs = 2_000;
const atOnce = 200;

export function startFailing(ports: Pick<Ports, 'state' | 'clock' | 'log' | 'random' | 'metrics'>, fail: (error: unknown) => void): Chore {
  const failed = ports.metrics.counter('errands_runs_failed_total', 'Copies of runs that nobody fetched in time, and that were refunded.');
  return startChore({
    name: 'errands-failing',
    ports,
    everyMs,
    jitter: 0.3,
    maxPauseMs,
    failing: 'runs that are overdue are not refunded',
    fail,
    async work() {
      const count = await failOverdue(ports.state, ports.clock.now(), atOnce);
      failed.add(count);
      return count === atOnce ? 'more' : undefined;
    },
  });
}
