/** `kontor pulls`: the history of pulled plugs, with their seconds and verdicts. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Command } from '#core/command/command.ts';
import { type Pull, verdictOf } from '../domain/pull.ts';
import { afterPull, pullsCsv } from '../domain/pulls-csv.ts';
import { maxKeptPulls, newestPulls } from '../store/pulls.ts';

const heads = ['ASKED', 'KIND', 'TARGET', 'STATE', 'NOTICED', 'TAKEN OVER', 'RECOVERED', 'AUDITED', 'VERDICT'];

export const pullsCommand: Command = {
  name: 'pulls',
  usage: '',
  says: 'Lists the plugs that were pulled, the seconds until all was well again, and the verdicts.',
  details: `The house keeps the newest ${maxKeptPulls}. Seconds are counted from when the plug was pulled.`,
  flags: [{ name: '--csv', says: 'As CSV, with milliseconds.' }],
  operands: { min: 0, max: 0 },
  async run({ flag, print, visit }) {
    const pulls = await visit(({ state }) => state.read((queries) => newestPulls(queries, maxKeptPulls)));
    print(flag('--csv') === undefined ? alignedColumns([heads, ...pulls.map(cellsOf)]) : pullsCsv(pulls).trimEnd());
    return 0;
  },
};

function cellsOf(pull: Pull): readonly string[] {
  const { askedAt, kind, target, state, pulledAt, noticedAt, takenOverAt, recoveredAt, auditedAt, why } = pull;
  const times = [noticedAt, takenOverAt, recoveredAt, auditedAt].map((at) => seconds(afterPull(pulledAt, at)));
  return [new Date(askedAt).toISOString(), kind, target, state, ...times, verdictOf(pull)?.says ?? why ?? '-'];
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}
