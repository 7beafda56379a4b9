/** The report of a drill as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere. */
import { escaped } from '#core/markup.ts';
import { readableNumber } from '#core/readable-number.ts';
import type { Check } from '../check/check.ts';
import { faultWords } from '../faults.ts';
import { parts } from '../journal.ts';
import { wholeRecoveryMs } from '../recovery.ts';
import type { Seen } from './clients.ts';
import { loadDrawing, spreadDrawing } from './drawings.ts';
import type { Report } from './report.ts';
import { type Spread, spreadOf } from './spread.ts';
import { styles } from './styles.ts';

export function reportPage(report: Report): string {
  const { about, verdict } = report;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Drill ${about.seed}: ${verdict.holds ? 'the books balance' : 'the books are not right'}</title><style>${styles}</style></head><body><main>`,
    header(report),
    section('The load, and every fault', loadDrawing(report) + legend()),
    section('Time to recovery', recoveries(report)),
    section('What clients saw', clients(report)),
    section('What clients were told, compared with the books', checks(report.checks)),
    section('The laws', laws(report)),
    section('Every fault', faults(report)),
    '</main></body></html>\n',
  ].join('\n');
}

function header({ about, verdict, faults: all, recovery }: Report): string {
  const worst = Math.max(0, ...recovery.map(({ worstMs }) => worstMs));
  const whole = spreadOf(all.map(wholeRecoveryMs));
  const where =
    about.on === 'embedded'
      ? 'one process on embedded engines'
      : `a cluster of processes${about.engines.length > 0 ? ` on ${about.engines.join(', ')}` : ''}`;
  const figures = [
    [all.length, 'faults'],
    [verdict.acknowledged, 'acknowledged'],
    [verdict.lost, 'lost'],
    [verdict.doubled, 'doubled'],
    [seconds(whole.p50Ms), 'to recover, in the middle'],
    [seconds(worst), 'at worst'],
  ] as const;
  const why = verdict.holds ? '' : `<h2>Why</h2><ul class="why">${verdict.why.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
  return [
    `<header class="${verdict.holds ? 'good' : 'bad'}"><p class="kind">Kontor · report of a drill</p><h1>${escaped(verdict.says)}</h1>`,
    `<ul class="figures">${figures.map(([value, name]) => `<li><b>${shown(value)}</b> ${name}</li>`).join('')}</ul>`,
    `<p>${readableNumber(about.tookSeconds)} s of load on all markets, with faults from the seed ${about.seed}, on ${escaped(where)}; begun at `,
    `${about.startedAt.slice(0, 16).replace('T', ' ')} UTC on ${about.cores} cores, Node ${escaped(about.node)}. Trades and coins are simulated.</p>`,
    `<p>To repeat it: <code>${escaped(about.command)}</code></p>${why}</header>`,
  ].join('');
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function legend(): string {
  const words = Object.entries(faultWords).map(([kind, says]) => `<dt>${kind}</dt><dd>${escaped(says)}</dd>`);
  return [
    '<p class="small">Requests a second: <span class="key answered">answered</span>, <span class="key failed">not answered</span>, and sent again.',
    ` Below, each fault for as long as it lasted.</p><details><summary>The kinds of faults</summary><dl>${words.join('')}</dl></details>`,
  ].join('');
}

function recoveries({ recovery, byKind }: Report): string {
  const drawn = recovery.map((spread) => {
    const says = `${spread.part}: ${readableNumber(spread.count)} recoveries, the median ${seconds(spread.p50Ms)}`;
    return `<figure>${spreadDrawing(spread, says)}<figcaption><b>${spread.part}</b> ${times(spread)}</figcaption></figure>`;
  });
  return [
    '<p class="small">From the end of a fault until a part first did something new for a client: an order, a booking, a transfer, an errand, a page',
    ' that was accepted, trades that were counted. Clients ask a few times a second, so that no recovery is shorter than their pause.</p>',
    `<div class="spreads">${drawn.join('')}</div>`,
    table(
      ['After', 'Faults', 'All parts, median', '95 %', '99 %', 'Worst'],
      byKind.map((spread) => [spread.kind, spread.count, ...timesOf(spread)]),
    ),
  ].join('');
}

function clients({ clients: seen, failures }: Report): string {
  const row = (when: string, { requests, failed, took }: Seen) => [when, requests, failed, share(failed, requests), ...timesOf(took)];
  const rows = seen.flatMap(({ part, during, outside }) => [
    [part, ...row('outside faults', outside)],
    ['', ...row('during faults', during)],
  ]);
  const told = seen.map(({ part, acknowledged, refused, unknown }) => [part, acknowledged, refused, unknown]);
  return [
    '<p class="small">Each request is sent until it is answered; one that fails is sent again under the same key. Some clients give up after a',
    ' failure, as if they had died: what became of their request stays unknown to them.</p>',
    table(['Part', 'When', 'Requests', 'Not answered', 'Share', 'Median', '95 %', '99 %', 'Worst'], rows),
    table(['Part', 'Acknowledged', 'Refused', 'Without an answer'], told),
    table(
      ['Why requests were not answered', 'How often'],
      failures.map(({ why, count }) => [why, count]),
    ),
  ].join('');
}

function checks(all: readonly Check[]): string {
  const rows = all.map(({ id, says, holds, checked, lost, doubled }) => [id, holds ? 'holds' : 'BROKEN', checked, lost, doubled, says]);
  const wrong = all.flatMap(({ violations }) => violations).map((line) => `<li>${escaped(line)}</li>`);
  return (
    table(['Log of', 'Verdict', 'Compared', 'Lost', 'Doubled', 'Says'], rows) +
    (wrong.length === 0 ? '' : `<ul class="why">${wrong.join('')}</ul>`)
  );
}

function laws({ laws: all }: Report): string {
  const rows = all.map(({ lawId, holds, checked, says }) => [
    lawId,
    holds === true ? 'holds' : holds === false ? 'BROKEN' : 'NOT CHECKED',
    checked,
    says,
  ]);
  return table(['Law', 'Verdict', 'Checked', 'Says'], rows);
}

function faults({ faults: all }: Report): string {
  const rows = all.map(({ atSeconds, says, recoveryMs }) => [atSeconds.toFixed(1), says, ...parts.map((part) => cell(recoveryMs[part]))]);
  return `<details><summary>${readableNumber(all.length)} faults with the recovery of each part, in milliseconds</summary>${table(['At, s', 'Fault', ...parts], rows)}</details>`;
}

function cell(ms: number | undefined): string | number {
  return ms === undefined ? 'never' : ms;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `<tr>${cells.map((cell) => `<td>${shown(cell)}`).join('')}`;
  return `<div class="wide"><table><thead><tr>${head.map((text) => `<th>${escaped(text)}`).join('')}<tbody>${rows.map(line).join('')}</table></div>`;
}

function shown(value: string | number): string {
  return typeof value === 'number' ? readableNumber(value) : escaped(value);
}

function times({ p50Ms, p95Ms, worstMs }: Spread): string {
  return `median ${seconds(p50Ms)}, 95 % ${seconds(p95Ms)}, worst ${seconds(worstMs)}`;
}

function timesOf({ p50Ms, p95Ms, p99Ms, worstMs }: Spread): readonly string[] {
  return [p50Ms, p95Ms, p99Ms, worstMs].map(seconds);
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function share(part: number, of: number): string {
  return of === 0 ? '–' : `${((100 * part) / of).toFixed(1)} %`;
}
