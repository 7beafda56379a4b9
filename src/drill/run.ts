/** `kontor drill` as a whole: runs the drill, writes its reports, and says what came of it. */
import { writeFileSync } from 'node:fs';
import type { Call } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import { type DrillOptions, runDrill } from './drill.ts';
import { reportPage } from './report/page.ts';
import type { Report } from './report/report.ts';

export interface DrillRequest extends Pick<DrillOptions, 'minutes' | 'seed' | 'on' | 'engines' | 'faults'> {
  /** Files that end in `.html` or `.json`. */
  readonly reports: readonly string[];
}

/** Resolves with the exit code. */
export async function drillAndTell(
  request: DrillRequest,
  { print, note, progress }: Pick<Call, 'print' | 'note' | 'progress'>,
): Promise<number> {
  const { seed, reports } = request;
  const command = commandOf(request);
  const asked = stopRequest();
  let holds = false;
  try {
    const report = await runDrill({ ...request, command, signal: asked, note, progress });
    for (const file of reports) writeFileSync(file, file.endsWith('.json') ? `${JSON.stringify(report)}\n` : reportPage(report));
    for (const line of summary(report)) print(line);
    for (const file of reports) note(`The report is in ${file}.`);
    holds = report.verdict.holds;
    return holds ? 0 : 1;
  } finally {
    if (!holds) note(`The drill failed. Seed ${seed}; to repeat it: ${command}`);
  }
}

function commandOf({ minutes, seed, on, engines, faults }: DrillRequest): string {
  const words = ['kontor', 'drill', '--minutes', String(minutes), '--seed', String(seed), '--on', on];
  if (engines.length > 0) words.push('--engines', engines.join(','));
  if (faults !== undefined) words.push('--faults', faults.join(','));
  return words.join(' ');
}

function summary({ verdict, recovery, faults, about, checks }: Report): readonly string[] {
  const slowest = recovery.map(({ part, p50Ms, worstMs }) => `${part} ${p50Ms} ms (worst ${worstMs})`).join(', ');
  return [
    verdict.says,
    `${faults.length} faults in ${about.tookSeconds} s from the seed ${about.seed}; ${verdict.unknown} requests without an answer, each there at most once.`,
    `Recovery, median: ${slowest}.`,
    `Compared with the books: ${checks.length} logs, of which ${checks.filter(({ holds }) => holds).length} hold.`,
    ...verdict.why.map((line) => `- ${line}`),
  ];
}

/** Aborts at the first Ctrl-C: the drill then stops its house, and has no verdict. */
function stopRequest(): AbortSignal {
  const asked = new AbortController();
  const ended = () => asked.abort(new KontorError('unavailable', 'the drill was ended before its verdict'));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ended);
  return asked.signal;
}
