/** The Metrics port over prom-client, with Node's process metrics and a limit on the series of a metric. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { invariant } from '#core/errors.ts';
import type { Labels, Metrics } from '#core/ports/metrics.ts';

export interface OpenMetrics {
  readonly metrics: Metrics;
  /** Everything, in Prometheus's text format. */
  text(): Promise<string>;
  readonly contentType: string;
  /** The sum of a counter's series; 0 for one that this process does not count. */
  total(name: string): Promise<number>;
}

/** Limits the damage of a mistake such as an address used as a label. */
const maxSeries = 500;
/** Counts label sets beyond the limit. */
const overflowLabel = 'other';

export function openMetrics(): OpenMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = new Map<string, { readonly shape: string; readonly metric: unknown }>();

  function once<Metric>(kind: string, name: string, labelNames: readonly string[], make: () => Metric): Metric {
    const shape = `${kind}(${labelNames.join(',')})`;
    const known = made.get(name);
    if (known !== undefined) {
      invariant(known.shape === shape, `metric ${name} is ${known.shape} and cannot be ${shape} too`);
      return known.metric as Metric;
    }
    const metric = make();
    made.set(name, { shape, metric });
    return metric;
  }

  const metrics: Metrics = {
    counter: (name, help, labelNames = []) =>
      once('counter', name, labelNames, () => {
        const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
        const series = boundedSeries(labelNames, (labels) => counter.labels(labels));
        return { add: (amount, labels) => series(labels).inc(amount) };
      }),
    gauge: (name, help, labelNames = []) =>
      once('gauge', name, labelNames, () => {
        const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
        const series = boundedSeries(labelNames, (labels) => gauge.labels(labels));
        return { set: (value, labels) => series(labels).set(value) };
      }),
    histogram: (name, help, buckets, labelNames = []) =>
      once('histogram', name, labelNames, () => {
        const histogram = new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] });
        const series = boundedSeries(labelNames, (labels) => histogram.labels(labels));
        return { observe: (value, labels) => series(labels).observe(value) };
      }),
  };
  async function total(name: string): Promise<number> {
    const found = await registry.getSingleMetric(name)?.get();
    return found?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
  }
  return { metrics, text: () => registry.metrics(), contentType: registry.contentType, total };
}

/** Caches the series of each label set, which also avoids a hash lookup each time. */
function boundedSeries<Series>(
  labelNames: readonly string[],
  open: (labels: Record<string, string>) => Series,
): (labels?: Labels) => Series {
  const known = new Map<string, Series>();
  return (labels = {}) => {
    const key = labelNames.map((name) => labels[name]).join('\u0000');
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= maxSeries) return openOther();
    const series = open(Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? ''])));
    known.set(key, series);
    return series;
  };

  function openOther(): Series {
    return open(Object.fromEntries(labelNames.map((name) => [name, overflowLabel])));
  }
}
