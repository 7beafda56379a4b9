/** The processes of the cluster, and the role or group of roles that runs in each. */
import { type Placement, stages } from '#core/module.ts';

export interface Member {
  readonly name: string;
  readonly role: string;
  /** Serves users, behind NGINX. */
  readonly front: boolean;
  readonly stage: number;
}

/** The number of processes by name, where there may be several: `{ aggregator: 3, liveview: 2 }`. */
export type Sizes = Readonly<Record<string, number>>;

/** Processes that serve users. The group `front` is every role without a placement. */
const front = { role: 'front', name: 'liveview', processes: 2 } as const;

/** The default sizes, which flags may change. */
export function defaultSizes(placement: readonly Placement[]): Sizes {
  const many = placement.filter(({ processes }) => processes > 1);
  return Object.fromEntries([...many, front].map(({ name, processes }) => [name, processes]));
}

export function planMembers(placement: readonly Placement[], sizes: Sizes): readonly Member[] {
  return [
    ...placement.flatMap(({ role, name, stage }) =>
      namesOf(name, sizes[name]).map((member) => ({ name: member, role, front: false, stage: stages[stage] })),
    ),
    ...namesOf(front.name, sizes[front.name]).map((name) => ({ name, role: front.role, front: true, stage: stages.front })),
  ];
}

function namesOf(name: string, count: number | undefined): readonly string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
