/** A company's last hour as a line, drawn in the row it belongs to; its last point follows the live price. */
import type { Spark } from '#modules/stocks/api/schemas.ts';
import { sparkPath } from './spark-path.ts';

export const sparkSize = { width: 120, height: 32 };

export function Sparkline({ spark, lastPriceCents, lastAt }: { spark: Spark | undefined; lastPriceCents: number; lastAt: number }) {
  const shape = spark === undefined ? undefined : sparkPath(spark, lastPriceCents, lastAt, sparkSize);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${sparkSize.width} ${sparkSize.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {shape !== undefined && (
        <g className={shape.rises ? 'spark-up' : 'spark-down'}>
          <path className="spark-area" d={shape.area} />
          <path className="spark-start" d={shape.start} />
          <path className="spark-line" d={shape.line} />
        </g>
      )}
    </svg>
  );
}
