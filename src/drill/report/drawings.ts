/** The drawings of a report, as SVG: the load with every fault on it, and the distribution of a recovery. */
import { type FaultKind, faultKinds } from '../faults.ts';
import type { Report } from './report.ts';
import { bucketEndsMs, type Spread } from './spread.ts';

const width = 1_000;
const curveHeight = 180;
const laneHeight = 16;
const left = 46;
/** With more faults than this, lines through the curve would hide it: then they are marked below it only. */
const mostLines = 80;
const shortestMark = 1.5;
const timeTicks = 6;

export function loadDrawing({ load, faults, about }: Report): string {
  const kinds = faultKinds.filter((kind) => faults.some((fault) => fault.kind === kind));
  const all = load.answered.map((count, step) => count + (load.failed[step] ?? 0));
  const most = Math.max(1, ...all) / load.stepSeconds;
  const seconds = Math.max(1, about.tookSeconds);
  const x = (second: number) => round(left + (second / seconds) * (width - left));
  const y = (perSecond: number) => round(curveHeight - (perSecond / most) * (curveHeight - 10));
  const area = (counts: readonly number[]) => {
    const points = counts.map((count, step) => `${x((step + 0.5) * load.stepSeconds)},${y(count / load.stepSeconds)}`);
    return `M${x(0)},${y(0)}L${points.join('L')}L${x(seconds)},${y(0)}Z`;
  };
  const height = curveHeight + kinds.length * laneHeight + 26;
  const lines =
    faults.length > mostLines
      ? ''
      : marks(
          'line',
          faults.map(({ atSeconds }) => `M${x(atSeconds)},8V${curveHeight}`),
        );
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Requests a second, and ${faults.length} faults">`,
    `<path class="failed" d="${area(all)}"/><path class="answered" d="${area(load.answered)}"/>`,
    lines,
    `<text x="0" y="14">${Math.round(most)}/s</text><text x="0" y="${curveHeight}">0</text>`,
    ...kinds.map((kind, lane) => laneOf(kind, curveHeight + (lane + 0.5) * laneHeight + 4, faults, x)),
    ...Array.from({ length: timeTicks + 1 }, (_, tick) => tickOf((tick * seconds) / timeTicks, x, height)),
    '</svg>',
  ].join('');
}

function laneOf(kind: FaultKind, y: number, faults: Report['faults'], x: (second: number) => number): string {
  const its = faults.filter((fault) => fault.kind === kind);
  const drawn = its.map(({ atSeconds, seconds }) => `M${x(atSeconds)},${y}h${round(Math.max(shortestMark, x(seconds) - left))}`);
  return `<text x="0" y="${y + 4}">${kind}</text>${marks(`mark ${kind}`, drawn)}`;
}

function marks(name: string, drawn: readonly string[]): string {
  return `<path class="${name}" d="${drawn.join('')}"/>`;
}

function tickOf(second: number, x: (second: number) => number, height: number): string {
  const whole = Math.round(second);
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  const anchor = x(second) >= width - 20 ? ' text-anchor="end"' : '';
  return `<text x="${x(second)}" y="${height - 6}"${anchor}>${text}</text>`;
}

const barsHeight = 60;
const barWidth = 24;

/** How many recoveries took how long. */
export function spreadDrawing({ buckets }: Spread, says: string): string {
  const most = Math.max(1, ...buckets);
  const bars = buckets.map((count, index) => {
    const tall = count === 0 ? 0 : Math.max(2, Math.round((count / most) * (barsHeight - 14)));
    const at = index * barWidth;
    return `<rect x="${at + 1}" y="${barsHeight - tall}" width="${barWidth - 2}" height="${tall}"/>${count === 0 ? '' : `<text x="${at + barWidth / 2}" y="${barsHeight - tall - 2}" text-anchor="middle">${count}</text>`}`;
  });
  const labels = [...bucketEndsMs.map((end) => `&lt;${shortTime(end)}`), 'more'];
  const names = labels.map(
    (label, index) => `<text x="${index * barWidth + barWidth / 2}" y="${barsHeight + 10}" text-anchor="middle">${label}</text>`,
  );
  const size = `0 0 ${buckets.length * barWidth} ${barsHeight + 14}`;
  return `<svg class="spread" viewBox="${size}" role="img" aria-label="${says}">${bars.join('')}${names.join('')}</svg>`;
}

function shortTime(ms: number): string {
  return ms < 1_000 ? `${ms / 1_000}`.replace(/^0/, '') : `${ms / 1_000}s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
