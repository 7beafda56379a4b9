/** Leases of the same work and holder, counted together: a market may have one for each company. */
import type { House } from '#modules/overview/api/schemas.ts';

interface LeaseGroup {
  /** The name, or its first word where there are several. */
  readonly work: string;
  readonly count: number;
  readonly process: string | null;
}

export function groupedLeases(leases: House['leases']): readonly LeaseGroup[] {
  const groups = Map.groupBy(leases, ({ name, process }) => `${workOf(name)} ${process}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return { work: group.length === 1 ? first.name : workOf(first.name), count: group.length, process: first.process };
  });
}

function workOf(name: string): string {
  return name.split(/[: ]/, 1)[0] ?? name;
}
