/** Starts engines as processes that outlive this one, and stops exactly those: a process is known by its id and its start time. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asEngineUser, readJson } from './place.ts';

export interface ProcessRecord {
  readonly pid: number;
  /** When it started, in clock ticks since boot: process ids are used again, the pair of both is not. */
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
}

export function logFile(plan: Pick<ProcessPlan, 'name' | 'folder'>): string {
  return path.join(plan.folder, `${plan.name}.log`);
}

function recordFile(plan: Pick<ProcessPlan, 'name' | 'folder'>): string {
  return path.join(plan.folder, `${plan.name}.process.json`);
}

/** Starts the process in a group of its own, as the engines' user, and records it. */
export async function startProcess(plan: ProcessPlan): Promise<ProcessRecord> {
  const log = openSync(logFile(plan), 'a', 0o644);
  const { command, args } = asEngineUser(plan.command, plan.args);
  const child = spawn(command, args, {
    cwd: plan.folder,
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
  const pid = child.pid as number;
  const record = { pid, startTicks: startTicksOf(pid) ?? 'gone', command: plan.command };
  writeFileSync(recordFile(plan), JSON.stringify(record));
  return record;
}

/** The recorded process, if it is still the one that was started. */
export function runningProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>): ProcessRecord | undefined {
  const record = readJson<ProcessRecord>(recordFile(plan));
  return record !== undefined && isAlive(record) ? record : undefined;
}

export function isAlive(record: ProcessRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

function startTicksOf(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`;
  try {
    // The second field is the program's name in brackets and may hold anything: what follows the last bracket is regular.
    const fields = readFileSync(file, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    const zombie = fields[0] === 'Z' || fields[0] === 'X';
    return zombie ? undefined : fields[19];
  } catch (error) {
    if (existsSync(file)) throw error;
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

/** Stops the recorded process in order, and by force (with its whole group) after the time-out; does nothing when it is gone. */
export async function stopProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>, stop: StopPlan): Promise<boolean> {
  const record = runningProcess(plan);
  if (record === undefined) return false;
  signalTo(stop.group ? -record.pid : record.pid, stop.signal);
  if (!(await endsWithin(record, stop.timeoutMs))) {
    signalTo(-record.pid, 'SIGKILL');
    if (!(await endsWithin(record, 10_000))) throw new Error(`Process ${record.pid} (${record.command}) does not stop, even by force.`);
  }
  rmSync(recordFile(plan), { force: true });
  return true;
}

/** kill -9, as a crash would have it: of the whole group where `group` says so. */
export async function killProcess(plan: Pick<ProcessPlan, 'name' | 'folder'>, group = true): Promise<void> {
  const record = runningProcess(plan);
  if (record === undefined) return;
  signalTo(group ? -record.pid : record.pid, 'SIGKILL');
  if (!(await endsWithin(record, 10_000))) throw new Error(`Process ${record.pid} (${record.command}) survived kill -9.`);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endsWithin(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(record)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Waits until `attempt` succeeds; gives up when the process ended or the time is over, with the end of its log. */
export async function readyWhen<Value>(plan: ProcessPlan, timeoutMs: number, attempt: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
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
