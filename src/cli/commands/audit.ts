/** `kontor audit`: checks every law on all of the books. */
import type { Config } from '#config/options.ts';
import { type Colour, plain } from '#core/command/colour.ts';
import { alignedColumns } from '#core/command/columns.ts';
import type { CommandFlag } from '#core/command/command.ts';
import type { LawVerdict } from '#house/visit.ts';
import type { HouseCall, HouseCommand } from '../house-command.ts';

export const auditFlags: readonly CommandFlag[] = [{ name: '--json', says: 'The verdicts as JSON.' }];

export const auditCommand: HouseCommand = {
  name: 'audit',
  usage: '',
  says: 'Checks every law of conservation on all of the books, beside a running house or without one.',
  details: 'Exits 0 when every law holds, and 1 when one is broken or could not be checked.',
  flags: auditFlags,
  operands: { min: 0, max: 0 },
  run: (call) => auditBooks(call.settings.config, call),
};

/** Prints the verdicts and returns the exit code. */
export async function auditBooks(
  config: Config,
  { flag, print, wait, colour }: Pick<HouseCall, 'flag' | 'print' | 'wait' | 'colour'>,
): Promise<number> {
  const { audit } = await import('#house/visit.ts');
  let now = 'Opening the books';
  const verdicts = await wait(
    () => now,
    audit(config, ({ id, says }) => {
      now = `Checking ${id}: ${says}`;
    }),
  );
  const holds = verdicts.every((verdict) => verdict.holds === true);
  print(flag('--json') === undefined ? auditReport(verdicts, colour) : JSON.stringify({ holds, laws: verdicts }, undefined, 2));
  return holds ? 0 : 1;
}

export function auditReport(verdicts: readonly LawVerdict[], colour: Colour = plain): string {
  const rows = verdicts.map(({ lawId, holds, checked, tookMs, says }) => [
    lawId,
    outcomeOf(holds, colour),
    checked,
    `${Math.round(tookMs)} ms`,
    says,
  ]);
  const failing = verdicts.filter((verdict) => verdict.holds !== true);
  const reasons = failing.flatMap(({ lawId, holds, violations }) => [
    '',
    `${lawId} ${holds === null ? 'says nothing' : 'is broken'}:`,
    ...violations.map((violation) => `  - ${violation}`),
  ]);
  const broken = failing.filter(({ holds }) => holds === false).length;
  const unchecked = failing.length - broken;
  const sum =
    failing.length === 0
      ? `All ${verdicts.length} laws hold.`
      : `Of ${verdicts.length} laws, ${broken} are broken and ${unchecked} could not be checked.`;
  return [alignedColumns([['LAW', 'VERDICT', 'CHECKED', 'TOOK', 'SAYS'], ...rows]), ...reasons, '', sum].join('\n');
}

function outcomeOf(holds: boolean | null, colour: Colour): string {
  if (holds === null) return colour('yellow', 'NOT CHECKED');
  return holds ? colour('green', 'holds') : colour('red', 'BROKEN');
}
