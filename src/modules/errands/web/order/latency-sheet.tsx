/** How long after they were due the results of a day were delivered, against what the house promises. */
import { useCallback } from 'react';
import { useReloading } from '#web/api/use-resource.ts';
import { FillMeter } from '#web/design/meters.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useMeasures } from '../measures.ts';
import { type Latency, loadLatency, type Order } from '../sources.ts';
import { useOnChange } from '../use-on-change.ts';
import { useErrandsWords } from '../words.ts';

/** Of one order, or of all. */
export function LatencySheet({ order }: { order?: Order }) {
  const id = order?.id;
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadLatency(id, signal), [id]));
  useOnChange(order && order.runs.results + order.runs.withdrawn, reload);
  if (resource.state !== 'ready' || resource.value.results === 0) return null;
  return <Shown latency={resource.value} />;
}

function Shown({ latency: { promiseMs, results, p50, p99, worst, failed } }: { latency: Latency }) {
  const { latency: words } = useErrandsWords();
  const measures = useMeasures();
  const lines = [
    [words.median, p50],
    [words.most, p99],
    [words.worst, worst],
  ] as const;
  return (
    <Sheet title={words.title} padded>
      <dl className="account">
        {lines.map(([name, ms]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{measures.duration(ms)}</dd>
          </div>
        ))}
        <div className="account-total">
          <dt>{words.promise}</dt>
          <dd>{measures.duration(promiseMs)}</dd>
        </div>
      </dl>
      <FillMeter part={worst} whole={promiseMs} />
      <p className="label">{words.hint(results, failed)}</p>
    </Sheet>
  );
}
