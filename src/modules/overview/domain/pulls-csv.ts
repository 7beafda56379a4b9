/** The history of pulls as CSV. */
import { csvCell } from '#core/csv-cell.ts';
import { heldCount, type Pull, verdictOf } from './pull.ts';

const columns = [
  'id',
  'kind',
  'target',
  'state',
  'asked',
  'pulled',
  'noticed_ms',
  'taken_over_ms',
  'recovered_ms',
  'audited_ms',
  'held',
  'laws',
  'violations',
  'verdict',
  'why',
] as const;

/** Times in UTC as ISO 8601 writes them; an empty cell for what has not happened. */
export function pullsCsv(pulls: readonly Pull[]): string {
  return [columns, ...pulls.map(cellsOf)].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function cellsOf(pull: Pull): readonly (string | number)[] {
  const { id, kind, target, state, askedAt, pulledAt, noticedAt, takenOverAt, recoveredAt, auditedAt, held, why } = pull;
  const verdict = verdictOf(pull);
  const since = (at: number | null) => afterPull(pulledAt, at) ?? '';
  return [
    id,
    kind,
    target,
    state,
    isoTime(askedAt),
    pulledAt === null ? '' : isoTime(pulledAt),
    since(noticedAt),
    since(takenOverAt),
    since(recoveredAt),
    since(auditedAt),
    heldCount(held),
    verdict?.laws ?? '',
    verdict?.violations ?? '',
    verdict?.says ?? '',
    why ?? '',
  ];
}

/** Milliseconds after the pull; null while it has not happened. Clocks of two processes may differ by a moment. */
export function afterPull(pulledAt: number | null, at: number | null): number | null {
  return pulledAt === null || at === null ? null : Math.max(0, at - pulledAt);
}

function isoTime(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ fractionalSecondDigits: 3 });
}
