/** The shape of a sparkline: pure geometry. */
import type { Spark } from '#modules/stocks/api/schemas.ts';

export interface SparkShape {
  readonly line: string;
  /** The line closed down to the floor. */
  readonly area: string;
  /** Level where it began, for comparison. */
  readonly start: string;
  readonly rises: boolean;
}

/** The shape within `size`, or undefined while there are fewer than two prices. The live price is the last point. */
export function sparkPath(
  spark: Spark,
  lastPriceCents: number,
  lastAt: number,
  size: { width: number; height: number },
): SparkShape | undefined {
  const startAt = spark.endAt - (spark.closesCents.length - 1) * spark.stepMs;
  const points = spark.closesCents.flatMap((close, index) =>
    close === null ? [] : [{ at: startAt + index * spark.stepMs, cents: close }],
  );
  const last = points.at(-1);
  if (last !== undefined && lastAt <= last.at) points[points.length - 1] = { at: last.at, cents: lastPriceCents };
  else points.push({ at: lastAt, cents: lastPriceCents });
  const [first] = points;
  const end = points.at(-1);
  if (first === undefined || end === undefined || points.length < 2) return undefined;

  const prices = points.map(({ cents }) => cents);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const room = 2;
  const x = (at: number) => ((at - startAt) / Math.max(1, end.at - startAt)) * size.width;
  const y = (cents: number) => (high === low ? size.height / 2 : room + ((high - cents) / (high - low)) * (size.height - 2 * room));
  const place = ({ at, cents }: { at: number; cents: number }) => `${x(at).toFixed(1)} ${y(cents).toFixed(1)}`;

  const line = `M${points.map(place).join('L')}`;
  return {
    line,
    area: `${line}V${size.height}H${x(first.at).toFixed(1)}Z`,
    start: `M0 ${y(first.cents).toFixed(1)}H${size.width}`,
    rises: end.cents >= first.cents,
  };
}
