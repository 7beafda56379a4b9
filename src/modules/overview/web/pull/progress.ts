/** How far a pull has come: pure functions, so that their cases can be tested. */
import type { Pull } from '#modules/overview/api/schemas.ts';

const steps = ['pulled', 'noticed', 'takenOver', 'recovered', 'audited'] as const;
type StepName = (typeof steps)[number];

export interface Step {
  readonly name: StepName;
  /** `unneeded`: the part held nothing that somebody had to take over, or went on before anybody noticed. */
  readonly state: 'done' | 'under-way' | 'to-come' | 'unneeded';
  /** Milliseconds after the pull; null before. */
  readonly ms: number | null;
}

/** Without a pull, all steps are to come. */
export function stepsOf(pull: Pull | undefined): readonly Step[] {
  const times = pull === undefined ? undefined : timesOf(pull);
  let waiting = pull?.state === 'running';
  return steps.map((name) => {
    const ms = times?.[name] ?? null;
    if (ms !== null) return { name, state: 'done', ms };
    if (name === 'noticed' && pull !== undefined && pull.recoveredMs !== null) return { name, state: 'unneeded', ms };
    if (name === 'takenOver' && pull?.leases === 0 && pull.pulledAt !== null) return { name, state: 'unneeded', ms };
    const state = waiting ? 'under-way' : 'to-come';
    waiting = false;
    return { name, state, ms };
  });
}

function timesOf(pull: Pull): Readonly<Record<StepName, number | null>> {
  return {
    pulled: pull.pulledAt === null ? null : 0,
    noticed: pull.noticedMs,
    takenOver: pull.takenOverMs,
    recovered: pull.recoveredMs,
    audited: pull.auditedMs,
  };
}

/** What the clock shows: milliseconds since the plug was pulled, or until the audit had ended. */
export function elapsedMs(pull: Pull | undefined, houseNow: number): number | null {
  if (pull === undefined || pull.pulledAt === null) return null;
  if (pull.state === 'running') return Math.max(0, houseNow - pull.pulledAt);
  return pull.auditedMs ?? pull.recoveredMs ?? null;
}
