/** The extracted numbers over time, and the instrument that they are published as. */
import { useCallback } from 'react';
import { useReloading } from '#web/api/use-resource.ts';
import { browser } from '#web/browser.ts';
import { Sheet } from '#web/design/sheet.tsx';
import { StepChart } from '#web/design/step-chart.tsx';
import type { TimedValue } from '#web/design/step-path.ts';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { useMeasures } from '../measures.ts';
import { loadSeries, type Order, type Result, type Series } from '../sources.ts';
import { useOnChange } from '../use-on-change.ts';
import { useErrandsWords } from '../words.ts';

/** A series puts together what is close in time: an order that has run for a short time has few points, and many results. */
const fewPoints = 24;

export function NumbersSheet({ order: { id, instrument, runs }, results }: { order: Order; results: readonly Result[] }) {
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadSeries(id, signal), [id]));
  useOnChange(runs.results + runs.withdrawn, reload);
  const values = valuesOf(resource.state === 'ready' ? resource.value : [], results);
  return values.length === 0 ? null : <Numbers values={values} instrument={instrument} />;
}

function valuesOf(series: Series, results: readonly Result[]): readonly TimedValue[] {
  if (series.length >= fewPoints) return series.map(({ at, last }) => ({ at, value: last }));
  const values = results.flatMap(({ dueAt, micros }) => (micros === null ? [] : [{ at: dueAt, value: micros }]));
  return values.toSorted((one, other) => one.at - other.at);
}

function Numbers({ values, instrument }: { values: readonly TimedValue[]; instrument: string | null }) {
  const { numbers: words } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  const all = values.map(({ value }) => value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return (
    <Sheet title={words.title} tools={<span className="label">{words.between(measures.number(low), measures.number(high))}</span>}>
      <StepChart
        values={values}
        leastStep={leastStepOf(high)}
        endAt={browser.now()}
        label={words.chart(measures.number(low), measures.number(high), measures.number(all.at(-1) ?? 0))}
        format={measures.number}
        ends={[formats.moment(values[0]?.at ?? 0), words.now]}
      />
      {instrument !== null && (
        <p className="errands-tape">
          <Link href={`/stocks/${instrument}`}>{words.tape(instrument)}</Link>
        </p>
      )}
    </Sheet>
  );
}

/** About a thousandth of the value, so that a value that does not move has readable levels. */
function leastStepOf(value: number): number {
  return Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(1, Math.abs(value)))) - 2));
}
