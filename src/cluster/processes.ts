/** Starts processes that outlive this one, and stops exactly those: a process is identified by its id and start time. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export function readJson<Value>(file: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Value;
  } catch (error) {
    // Not asked for before: another process may remove it meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export interface ProcessRecord {
  readonly pid: number;
  /** The start time in clock ticks since boot: process ids are reused, the pair is not. */
  readonly startTicks: string;
  readonly command: string;
}

export interface ProcessPlan {
  /** Names the record and the log in the folder: `postgres` gives `postgres.process.json` and `postgres.log`. */
  readonly name: string;
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of `folder`. */
  readonly workingFolder?: string;
}

/** A server that a test may stop and restart, on the same port and data. */
export interface ServerProcess {
  running(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** kill -9 of all its processes. */
  kill(): Promise<void>;
}

export function logFile(plan: Pick<ProcessPlan, 'name' | 'folder'>): string {
  return path.join(plan.folder, `${plan.name}.log`);
}

function recordFile(plan: Pick<ProcessPlan, 'name' | 'folder'>): string {
  return path.join(plan.folder, `${plan.name}.process.json`);
}

/** Starts the process in a group of its own, and records it. */
export async function startProcess(plan: ProcessPlan): Promise<ProcessRecord> {
  const log = openSync(logFile(plan), 'a', 0o600);
  const { command, args } = plan;
  const child = spawn(command, args, {
    cwd: plan.workingFolder ?? plan.folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...plan.environment },
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
  });
  child.unref();
  return recordProcess(plan, child.pid as number, plan.command);
}

/** Records a process that another program started, so that it can be stopped and killed by its plan. */
export function recordProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>, pid: number, command = plan.name): ProcessRecord {
  const record = recordOf(pid, command);
  // Renamed into place, so that other processes never read half of it.
  const half = `${recordFile(plan)}.${process.pid}.new`;
  writeFileSync(half, JSON.stringify(record));
  renameSync(half, recordFile(plan));
  return record;
}

/** A parent that does not listen leaves an ended process behind for ever. */
const reapMs = 1_000;
/** Longer than a signal takes to stop a process on a busy machine. */
const holdMs = 1_000;

/** The recorded process, if it still runs. */
export function runningProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>): ProcessRecord | undefined {
  const record = readJson<ProcessRecord>(recordFile(plan));
  return record !== undefined && isAlive(record) ? record : undefined;
}

/** The process that has this id now. */
function recordOf(pid: number, command: string): ProcessRecord {
  return { pid, startTicks: startTicksOf(pid) ?? 'gone', command };
}

export function isAlive(record: ProcessRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

export function startTicksOf(pid: number): string | undefined {
  const fields = statFields(pid);
  const isOver = fields?.[0] === 'Z' || fields?.[0] === 'X';
  return isOver ? undefined : fields?.[19];
}

/** The fields of /proc/PID/stat from the state on: the name before it is in brackets and may hold any character. */
export function statFields(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
  } catch {
    // The process has ended or is ending.
    return undefined;
  }
}

export interface StopPlan {
  /** The signal for an orderly stop. */
  readonly signal: NodeJS.Signals;
  readonly timeoutMs: number;
  /** Whether the whole group gets the signal: for programs that are wrapped in a shell script. */
  readonly group?: boolean;
}

/** Stops the recorded process gracefully, and kills it with all descendants after the time-out; does nothing when it has ended. */
export async function stopProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>, stop: StopPlan): Promise<boolean> {
  const record = runningProcess(plan);
  if (record === undefined) return false;
  signalTo(record, stop.signal, stop.group);
  if (!(await endsWithin(record, stop.timeoutMs))) {
    await killFamily(record);
  }
  rmSync(recordFile(plan), { force: true });
  return true;
}

/**
 * kill -9 of the process and all its descendants, as in a crash of the machine; resolves when all have ended. Killing the
 * group is not enough: PostgreSQL's children leave it, survive for a moment, and keep a new server from starting.
 */
export async function killProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>): Promise<void> {
  const record = runningProcess(plan);
  if (record !== undefined) await killFamily(record);
}

/** Stops the process and all its descendants where they are, as when a machine hangs, or lets them go on. */
export function freezeProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const record = runningProcess(plan);
  if (record !== undefined) signalFamily(record, signal);
}

/** For a process that handles SIGUSR2; its children do not. */
export function nudgeProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>): void {
  const record = runningProcess(plan);
  if (record !== undefined) signalTo(record, 'SIGUSR2');
}

function signalFamily(record: ProcessRecord, signal: NodeJS.Signals): readonly ProcessRecord[] {
  const family = [record, ...descendantsOf(record.pid)];
  for (const member of family) signalTo(member, signal);
  return family;
}

async function killFamily(record: ProcessRecord): Promise<void> {
  await hold(record);
  for (const member of signalFamily(record, 'SIGKILL')) {
    if (!(await endsWithin(member, 10_000))) throw new Error(`Process ${member.pid} (${record.command}) survived kill -9.`);
  }
}

/** Stops it where it is: a child that it started after the look for all descendants would survive. */
async function hold(record: ProcessRecord): Promise<void> {
  signalTo(record, 'SIGSTOP');
  const deadline = performance.now() + holdMs;
  while (isAlive(record) && statFields(record.pid)?.[0] !== 'T' && performance.now() < deadline) await sleep(1);
}

/**
 * Kills the remaining group of a process that was killed alone, such as NGINX's workers, which keep its port. The id of a
 * living group is not reused, so a group without a leader is the recorded one.
 */
export async function endLeftGroup(plan: Pick<ProcessPlan, 'name' | 'folder'>): Promise<void> {
  const record = readJson<ProcessRecord>(recordFile(plan));
  if (record === undefined || startTicksOf(record.pid) !== undefined) return;
  for (const entry of processIds().filter((id) => statFields(Number(id))?.[2] === String(record.pid))) {
    const member = recordOf(Number(entry), record.command);
    signalTo(member, 'SIGKILL');
    await endsWithin(member, 10_000);
  }
}

function processIds(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function descendantsOf(pid: number): readonly ProcessRecord[] {
  const children = new Map<string, string[]>();
  for (const entry of processIds()) {
    const parent = statFields(Number(entry))?.[1];
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const found: ProcessRecord[] = [];
  const addChildren = (parent: string) => {
    for (const child of children.get(parent) ?? []) {
      found.push(recordOf(Number(child), 'a child'));
      addChildren(child);
    }
  };
  addChildren(String(pid));
  return found;
}

/** To the process, or to its whole group. Does nothing when it has ended meanwhile, also when another process has its id now. */
export function signalTo(record: ProcessRecord, signal: NodeJS.Signals, group = false): void {
  if (!isAlive(record)) return;
  try {
    process.kill(group ? -record.pid : record.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Also waits a moment until the parent has heard of the end: until then, other programs still find the process. A new PostgreSQL
 * would take its predecessor for alive.
 */
async function endsWithin(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(record)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  const reapedBy = performance.now() + reapMs;
  while (statFields(record.pid)?.[19] === record.startTicks && performance.now() < reapedBy) await sleep(5);
  return true;
}

/** Waits until `attempt` succeeds; throws with the end of the log when the process ended or the time is up, and at once when aborted. */
export async function readyWhen<Value>(
  plan: Pick<ProcessPlan, 'name' | 'folder'>,
  timeoutMs: number,
  attempt: () => Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const over = performance.now() > deadline;
      if (over || runningProcess(plan) === undefined) {
        const why = over ? `is not ready after ${timeoutMs / 1000} s` : 'ended while it started';
        throw new Error(`${plan.name} ${why}: ${(error as Error).message}\nThe end of ${logFile(plan)}:\n${tail(logFile(plan))}`);
      }
      await sleep(50);
    }
  }
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-25).join('\n') : '(no log)';
}
