/** Metrics for tests that do not check them. */
import type { Metrics } from '#core/ports/metrics.ts';

export function silentMetrics(): Metrics {
  return {
    counter: () => ({ add() {} }),
    gauge: () => ({ set() {} }),
    histogram: () => ({ observe() {} }),
  };
}
