/** `kontor audit`: checks every law on all of the books. */
import type { LawVerdict } from '#house/visit.ts';
import { alignedColumns } from '../columns.ts';
import type { Command } from '../command.ts';

export const auditCommand: Command = {
  name: 'audit',
  usage: '',
  says: 'Checks every law of conservation on all of the books, beside a running house or without one.',
  details: 'Exits 0 when every law holds, and 1 when one is broken or could not be checked.',
  flags: [{ name: '--json', says: 'The verdicts as JSON.' }],
  operands: { min: 0, max: 0 },
  async run({ settings, flag, print }) {
    const { audit } = await import('#house/visit.ts');
    const verdicts = await audit(settings.config);
    const holds = verdicts.every((verdict) => verdict.holds);
    print(flag('--json') === undefined ? auditReport(verdicts) : JSON.stringify({ holds, laws: verdicts }, undefined, 2));
    return holds ? 0 : 1;
  },
};

export function auditReport(verdicts: readonly LawVerdict[]): string {
  const rows = verdicts.map(({ lawId, holds, checked, tookMs, says }) => [
    lawId,
    holds ? 'holds' : 'BROKEN',
    checked,
    `${Math.round(tookMs)} ms`,
    says,
  ]);
  const broken = verdicts.filter((verdict) => !verdict.holds);
  const reasons = broken.flatMap(({ lawId, violations }) => [
    '',
    `${lawId} is broken:`,
    ...violations.map((violation) => `  - ${violation}`),
  ]);
  const sum = broken.length === 0 ? `All ${verdicts.length} laws hold.` : `${broken.length} of ${verdicts.length} laws are broken.`;
  return [alignedColumns([['LAW', 'VERDICT', 'CHECKED', 'TOOK', 'SAYS'], ...rows]), ...reasons, '', sum].join('\n');
}
