/** The shape of values over time: steps, because a value holds until the next one. Pure geometry, for whole numbers. */

export interface TimedValue {
  readonly at: number;
  readonly value: number;
}

export interface StepShape {
  readonly line: string;
  /** The line closed down to the floor. */
  readonly area: string;
  /** Levels worth a line across the chart, with their place from the top. */
  readonly levels: readonly { readonly value: number; readonly y: number }[];
  /** The last point. */
  readonly end: readonly [number, number];
}

const levelCount = 4;

/**
 * `values` in order of time, each from then on; the last one holds until `endAt`. Undefined without a value. Levels are at least
 * `leastStep` apart.
 */
export function stepShape(
  values: readonly TimedValue[],
  endAt: number,
  { width, height }: { width: number; height: number },
  leastStep = 1,
): StepShape | undefined {
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const all = values.map(({ value }) => value);
  const { low, high, step } = roundScale(Math.min(...all), Math.max(...all), leastStep);
  const x = (at: number) => round(((at - first.at) / Math.max(1, endAt - first.at)) * width);
  const y = (value: number) => round(height - ((value - low) / (high - low)) * height);
  const line = values.reduce((path, { at, value }, index) => (index === 0 ? `M0 ${y(value)}` : `${path}H${x(at)}V${y(value)}`), '');
  const whole = `${line}H${round(width)}`;
  const levels = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  return {
    line: whole,
    area: `${whole}V${height}H0Z`,
    levels: levels.map((value) => ({ value, y: y(value) })),
    end: [round(width), y(last.value)],
  };
}

/** Round numbers around the lowest and the highest value. */
function roundScale(lowest: number, highest: number, leastStep: number): { low: number; high: number; step: number } {
  const rough = Math.max(leastStep, (highest - lowest) / levelCount);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((part) => part >= rough) ?? rough;
  const below = Math.floor(lowest / step) * step - (lowest % step === 0 ? step : 0);
  const low = lowest < 0 ? below : Math.max(0, below);
  const high = Math.ceil(highest / step) * step + (highest % step === 0 ? step : 0);
  return { low, high, step };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
