/** Which processes the cluster has, and which roles run in each. */

/** What we need to know of a role. */
export interface PlannedRole {
  readonly name: string;
  readonly onlyByName?: string;
}

export interface Member {
  readonly name: string;
  readonly roles: readonly string[];
  readonly stage: number;
}

export interface Sizes {
  readonly aggregators: number;
  readonly liveviews: number;
}

/** Parts of a lower stage start earlier and stop later: who is connected to users goes first, who carries on what was begun, last. */
export const stages = { engines: 0, carriers: 1, aggregators: 2, publisher: 3, liveviews: 4, front: 5 } as const;

const carriers = ['relay', 'auditor'];
const aggregator = 'stocks-aggregator';
const publisher = 'stocks-publisher';

/** Every role that has no process of its own serves users: those run side by side in every live view. */
export function planMembers(roles: readonly PlannedRole[], { aggregators, liveviews }: Sizes): readonly Member[] {
  const alone = new Set([...carriers, aggregator, publisher, 'all']);
  const front = roles.filter(({ name, onlyByName }) => !alone.has(name) && onlyByName === undefined).map(({ name }) => name);
  return [
    ...carriers.map((name) => ({ name, roles: [name], stage: stages.carriers })),
    ...numbered('aggregator', aggregators).map((name) => ({ name, roles: [aggregator], stage: stages.aggregators })),
    { name: 'publisher', roles: [publisher], stage: stages.publisher },
    ...numbered('liveview', liveviews).map((name) => ({ name, roles: front, stage: stages.liveviews })),
  ];
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

/**
 * What the engines' own environment lines say, put together: with a PostgreSQL and no broker, the stream runs on it too, so that
 * nothing is left on one machine's disk.
 */
export function engineEnvironment(engines: Readonly<Record<string, { readonly environment: Readonly<Record<string, string>> }>>) {
  const environment: Record<string, string> = {};
  for (const engine of Object.values(engines)) Object.assign(environment, engine.environment);
  if (environment.STATE_URL !== undefined) environment.STREAM_URL ??= environment.STATE_URL;
  return environment;
}
