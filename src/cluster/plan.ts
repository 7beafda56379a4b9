/** The processes of the cluster, and the role or group of roles that runs in each. */
import { type Placement, stages } from '#core/module.ts';

export interface Member {
  readonly name: string;
  readonly role: string;
  /** The name of its placement, which all processes of one kind share. */
  readonly group: string;
  readonly stage: number;
  /** The beginning of the paths that NGINX sends to it; undefined when it serves no users. */
  readonly serves: string | undefined;
}

/** The number of processes by name, where there may be several: `{ aggregator: 3, liveview: 2 }`. */
export type Sizes = Readonly<Record<string, number>>;

/** The most processes of one name. */
export const maxEach = 32;

/** Processes that serve users. The group `front` is every role without a placement. */
const front = { role: 'front', name: 'liveview', processes: 2, stage: 'front', serves: '/' } as const satisfies Placement;

/** Those of which several make sense: others stand by while one works. */
export function groupsOf(placement: readonly Placement[]): readonly Placement[] {
  return [...placement.filter(({ processes, serves }) => processes > 1 || serves !== undefined), front];
}

/** The default sizes, which flags may change. */
export function defaultSizes(placement: readonly Placement[]): Sizes {
  return Object.fromEntries(groupsOf(placement).map(({ name, processes }) => [name, processes]));
}

export function planMembers(placement: readonly Placement[], sizes: Sizes): readonly Member[] {
  return [...placement, front].flatMap(({ role, name, stage, serves }) =>
    namesOf(name, sizes[name]).map((member) => ({ name: member, role, group: name, stage: stages[stage], serves })),
  );
}

function namesOf(name: string, count: number | undefined): readonly string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
