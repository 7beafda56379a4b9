/** The processes of the cluster, and the roles that run in each. */
import { type Placement, stages } from '#core/module.ts';

/** The parts of a role that the plan needs. */
export interface PlannedRole {
  readonly name: string;
  readonly onlyByName?: string;
}

export interface Member {
  readonly name: string;
  readonly roles: readonly string[];
  /** Serves users, behind NGINX. */
  readonly front: boolean;
  readonly stage: number;
}

/** The number of processes by name, where there may be several: `{ aggregator: 3, liveview: 2 }`. */
export type Sizes = Readonly<Record<string, number>>;

/** Processes that serve users: every role without a placement runs in each of them. */
const front = { name: 'liveview', processes: 2 } as const;

/** The default sizes, which flags may change. */
export function defaultSizes(placement: readonly Placement[]): Sizes {
  const many = placement.filter(({ processes }) => processes > 1);
  return Object.fromEntries([...many, front].map(({ name, processes }) => [name, processes]));
}

export function planMembers(roles: readonly PlannedRole[], placement: readonly Placement[], sizes: Sizes): readonly Member[] {
  const alone = new Set(['all', ...placement.map(({ role }) => role)]);
  const frontRoles = roles.filter(({ name, onlyByName }) => !alone.has(name) && onlyByName === undefined).map(({ name }) => name);
  return [
    ...placement.flatMap(({ role, name, stage }) =>
      namesOf(name, sizes[name]).map((member) => ({ name: member, roles: [role], front: false, stage: stages[stage] })),
    ),
    ...namesOf(front.name, sizes[front.name]).map((name) => ({ name, roles: frontRoles, front: true, stage: stages.front })),
  ];
}

function namesOf(name: string, count: number | undefined): readonly string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
