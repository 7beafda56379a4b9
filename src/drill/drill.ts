/** A drill: load on all markets, faults from a seed, recovery, and then whether the books hold what clients were told. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgressLine } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import { readableNumber } from '#core/readable-number.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { type FaultKind, faultKinds, nextFault, nextPauseMs } from './faults.ts';
import { openClusterGround } from './ground/cluster-ground.ts';
import { openEmbeddedGround } from './ground/embedded-ground.ts';
import { type Ground, type GroundName, whyImpossible } from './ground/ground.ts';
import { openSmallDisk, type SmallDisk } from './ground/small-disk.ts';
import { parts } from './journal.ts';
import { openPageServer, type PageServer } from './load/page-server.ts';
import { type FaultRecord, notRecovered, recordOf } from './recovery.ts';
import { type Report, reportOf } from './report/report.ts';
import { type Evidence, gatherEvidence, settle } from './verdict.ts';
import { openWorld, type World } from './world.ts';

const warmUpTimeoutMs = 120_000;
/** A house that does not work again within this time after a fault has failed. */
const recoveryTimeoutMs = 120_000;
const progressEveryMs = 250;

export interface DrillOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly on: GroundName;
  readonly engines: readonly string[];
  /** All that are possible when left out. */
  readonly faults: readonly FaultKind[] | undefined;
  /** The command that repeats it. */
  readonly command: string;
  /** Ends it early, with the error as its reason: then there is no verdict. */
  readonly signal: AbortSignal;
  note(line: string): void;
  progress(): ProgressLine;
}

export async function runDrill(options: DrillOptions): Promise<Report> {
  const { on, faults = faultKinds } = options;
  const disk = on === 'embedded' && faults.includes('full-disk') ? openSmallDisk() : undefined;
  try {
    return await drillWith(disk, options);
  } finally {
    disk?.remove();
  }
}

async function drillWith(disk: SmallDisk | undefined, options: DrillOptions): Promise<Report> {
  const { on, engines, signal, note } = options;
  const kinds = possibleFaults(options, disk);
  const pages = await openPageServer();
  const secret = randomBytes(24).toString('base64url');
  try {
    note(`Opening a house for the drill: ${on}${engines.length > 0 ? ` on ${engines.join(', ')}` : ''}, seed ${options.seed} …`);
    const place = { pagesHost: pages.host, secret, engines, disk, signal, note };
    const ground = await (on === 'embedded' ? openEmbeddedGround(place) : openClusterGround(place));
    let holds = false;
    try {
      const report = await drillOn(ground, pages, kinds, options);
      holds = report.verdict.holds;
      return report;
    } finally {
      // What went wrong can be read there.
      const keepsFolder = !holds && !signal.aborted;
      if (keepsFolder) note(`The logs of the house are kept in ${ground.folder}.`);
      await ground.close({ keepsFolder });
    }
  } finally {
    await pages.close();
  }
}

/** A fault that is named must be possible; others are left out where they are not. */
function possibleFaults({ faults, on, engines, note }: DrillOptions, disk: SmallDisk | undefined): readonly FaultKind[] {
  return (faults ?? faultKinds).filter((kind) => {
    const why = whyImpossible(kind, { on, engines, disk });
    if (why === undefined) return true;
    if (faults !== undefined) throw invalidOption('--faults', why);
    note(`Left out: ${why}.`);
    return false;
  });
}

async function drillOn(ground: Ground, pages: PageServer, kinds: readonly FaultKind[], options: DrillOptions): Promise<Report> {
  const { url, environment } = ground;
  const world = await openWorld({ url, environment, pages, seed: options.seed, run: randomBytes(4).toString('hex') });
  const startedAt = new Date();
  const startedMs = performance.now();
  const faults: FaultRecord[] = [];
  const shown = showProgress(options, () => progressText(world, faults, (performance.now() - startedMs) / 1_000, options.minutes * 60));
  const defects: string[] = [];
  let evidence: Evidence;
  let endedMs: number | undefined;
  try {
    await warmUp(world, options.signal);
    await injectFaults(ground, world, { startedMs, kinds, faults, options });
    endedMs = performance.now();
    shown.says('the load ends; requests that are under way get their answers');
    await world.endLoad();
    shown.says('errands come to their end');
    await settle(ground, world, options.signal);
    options.signal.throwIfAborted();
    shown.says('the books are read and compared with the log of the clients');
    evidence = await gatherEvidence(ground, world, pages);
  } catch (error) {
    // A house that does not come back has no books to read: that is a verdict, too.
    if (endedMs === undefined || options.signal.aborted) throw error;
    evidence = { checks: [], laws: [] };
    defects.push(`the books could not be read: ${(error as Error).message}`);
  } finally {
    shown.end();
    await Promise.all([world.endLoad(), world.endMining()]);
  }
  const { seed, minutes, command, engines } = options;
  const about = { seed, minutes, command, on: ground.name, engines, startedAt: startedAt.toISOString() };
  return reportOf({ about, startedMs, endedMs, journal: world.journal, faults, evidence, defects: [...world.defects, ...defects] });
}

async function warmUp({ journal }: World, signal: AbortSignal): Promise<void> {
  const worked = await journal.workedSince(performance.now(), warmUpTimeoutMs, signal);
  signal.throwIfAborted();
  const missing = parts.filter((part) => !worked.has(part));
  if (missing.length > 0)
    throw new KontorError('unavailable', `before any fault, ${missing.join(', ')} did not work within ${warmUpTimeoutMs / 1_000} s`);
}

interface Injecting {
  readonly startedMs: number;
  readonly kinds: readonly FaultKind[];
  /** What happened is added. */
  readonly faults: FaultRecord[];
  readonly options: DrillOptions;
}

/** One fault after the other, each when everything works again. Ends early when it does not. */
async function injectFaults(ground: Ground, { journal }: World, { startedMs, kinds, faults, options }: Injecting): Promise<void> {
  const random = seededRandom(options.seed);
  const endMs = performance.now() + options.minutes * 60_000;
  const targets = new Map([...ground.targets()].filter(([kind]) => kinds.includes(kind)));
  if (targets.size === 0) throw invalidOption('--faults', 'none of the faults is possible here');
  while (performance.now() < endMs) {
    options.signal.throwIfAborted();
    const fault = nextFault(random, targets);
    let atMs = performance.now();
    const end = await ground.inject(fault);
    if (end === undefined) atMs = performance.now();
    else {
      await sleep(fault.holdMs);
      await end();
    }
    const overAtMs = performance.now();
    const worked = await journal.workedSince(overAtMs, recoveryTimeoutMs, options.signal);
    const record = recordOf(fault, { startedMs, atMs, overAtMs, workedAtMs: worked });
    options.signal.throwIfAborted();
    faults.push(record);
    if (notRecovered(record).length > 0) return;
    await sleep(nextPauseMs(random));
  }
}

function showProgress({ progress }: DrillOptions, text: () => string) {
  const line = progress();
  let says: string | undefined;
  const timer = setInterval(() => line.show(() => (says === undefined ? text() : `${text()} · ${says}`)), progressEveryMs);
  return {
    says(what: string) {
      says = what;
    },
    end() {
      clearInterval(timer);
      line.clear();
    },
  };
}

function progressText({ journal }: World, faults: readonly FaultRecord[], seconds: number, ofSeconds: number): string {
  const count = (outcome: string) => readableNumber(journal.operations.filter((operation) => operation.outcome === outcome).length);
  const last = faults.at(-1);
  const lastText = last === undefined ? 'no fault yet' : `${readableNumber(faults.length)} faults, the last: ${last.says}`;
  const clock = (of: number) => `${Math.floor(of / 60)}:${String(Math.floor(of % 60)).padStart(2, '0')}`;
  return `${clock(seconds)} of ${clock(ofSeconds)} · ${count('acknowledged')} acknowledged, ${count('unknown')} without an answer · ${lastText}`;
}
