/** Values over time as steps, with round levels. Give a table beside it to everybody who cannot see it. */
import './step-chart.css';
import { stepShape, type TimedValue } from './step-path.ts';

const size = { width: 600, height: 180 };

export function StepChart(props: {
  /** Whole numbers, in order of time. */
  values: readonly TimedValue[];
  /** Levels are at least so far apart. */
  leastStep?: number;
  endAt: number;
  /** For screen readers. */
  label: string;
  format: (value: number) => string;
  /** What the left and the right end are called. */
  ends: readonly [string, string];
}) {
  const { values, leastStep, endAt, label, format, ends } = props;
  const shape = stepShape(values, endAt, size, leastStep);
  if (shape === undefined) return null;
  return (
    <div className="steps">
      <div className="steps-levels label" aria-hidden="true">
        {shape.levels.map(({ value, y }) => (
          <span key={value} style={{ top: `${(y / size.height) * 100}%` }}>
            {format(value)}
          </span>
        ))}
      </div>
      <svg className="steps-chart" viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {shape.levels.map(({ value, y }) => (
          <path key={value} className="steps-level" d={`M0 ${y}H${size.width}`} />
        ))}
        <path className="steps-area" d={shape.area} />
        <path className="steps-line" d={shape.line} />
      </svg>
      <div className="steps-ends label" aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}
