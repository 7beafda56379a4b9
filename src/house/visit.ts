/** Opens the books for a command, without running a role. */
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import { auditLaws } from '#core/laws/audit.ts';
import type { Law } from '#core/laws/law.ts';
import type { Verdict } from '#core/laws/verdicts.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import type { Role } from '#core/role.ts';
import { type Composition, compose } from './composition.ts';
import { type Basics, type Engines, type OpenRules, openEngines } from './engines.ts';
import { prepareBooks } from './house.ts';
import { openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { modules } from './modules.ts';
import { processHolder } from './process-holder.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';

/** A full audit reads every row. */
const auditTimeoutMs = 600_000;

export function listRoles(config: Config): readonly Role[] {
  return compose(config, modules).roles;
}

/** Creates the data folder and missing tables; returns the ids of the applied migrations. */
export async function migrate(config: Config): Promise<readonly string[]> {
  return visit(config, { mustExist: false }, (engines, basics, composition) => prepareBooks(composition, engines, basics));
}

/** The result of checking a law. */
export type LawVerdict = Verdict;

/** Checks every law on all of the books; the house may be running. */
export async function audit(config: Config, begins?: (law: Law) => void): Promise<readonly LawVerdict[]> {
  return visit(config, { mustExist: true }, async (engines, basics, composition) => {
    await expectMigrated(engines, composition);
    return auditLaws({ laws: composition.laws, books: { ...basics, ...engines }, scope: 'all', timeoutMs: auditTimeoutMs, begins });
  });
}

/** For commands on an existing house of this version. */
export async function visitMigrated<Result>(config: Config, work: (ports: Ports) => Promise<Result>): Promise<Result> {
  return visit(config, { mustExist: true }, async (engines, basics, composition) => {
    await expectMigrated(engines, composition);
    return work(portsOf(engines, basics));
  });
}

/** The same, after creating the data folder and tables where missing. */
export async function visitPrepared<Result>(config: Config, work: (ports: Ports) => Promise<Result>): Promise<Result> {
  return visit(config, { mustExist: false }, async (engines, basics, composition) => {
    await prepareBooks(composition, engines, basics);
    return work(portsOf(engines, basics));
  });
}

function portsOf(engines: Engines, basics: Basics): Ports {
  return { ...basics, ...engines, metrics: openMetrics().metrics };
}

export async function visit<Result>(
  config: Config,
  rules: OpenRules,
  work: (engines: Engines, basics: Basics, composition: Composition) => Promise<Result>,
): Promise<Result> {
  // The answer goes to stdout, so logs go to stderr.
  const log = openLog({ level: config.logLevel === 'debug' ? 'debug' : 'error', format: config.logFormat, destination: process.stderr });
  const basics: Basics = { clock: realClock, random: realRandom, holder: processHolder(), log };
  const composition = compose(config, modules);
  const engines = await openEngines(config, composition, basics, rules);
  try {
    return await work(engines, basics, composition);
  } finally {
    await engines.close();
  }
}

async function expectMigrated(
  { state, migrations }: { state: State; migrations: Engines['migrations'] },
  composition: Composition,
): Promise<void> {
  const pending = await state.pending([...migrations, ...composition.migrations]);
  if (pending.length === 0) return;
  throw new KontorError(
    'conflict',
    `the books are not on this version yet (${pending.length} migrations are missing): run \`kontor migrate\`, or start the house with \`kontor up\``,
  );
}
