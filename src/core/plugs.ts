/**
 * Plugs: what can be pulled on purpose, to see the house go on. Outside of a cluster these are roles of this process; under
 * `kontor cluster` they are real processes and real engines, and the cluster's own process pulls them.
 */
import type { HouseEvent } from './events.ts';

/**
 * Of roles. `stop-role`: cut off from the State and the stream, dropped, and started again after a pause. For some seconds each,
 * `cut-role`: only cut off; `fill-disk`: the State refuses what it writes, as on a full disk; `set-clock`: its time of day is wrong.
 * Of processes and engines. `kill-process`: SIGKILL. `stop-process`: SIGSTOP for some seconds. The faults of a whole process, for some
 * seconds each: as of a role. `kill-engine`: SIGKILL of all its processes.
 */
export const pullKinds = [
  'stop-role',
  'cut-role',
  'fill-disk',
  'set-clock',
  'kill-process',
  'stop-process',
  'cut-process',
  'fill-process-disk',
  'set-process-clock',
  'kill-engine',
] as const;
export type PullKind = (typeof pullKinds)[number];

/** What a process of the cluster does to itself when it is asked to. */
export const processFaultKinds = ['cut-process', 'fill-process-disk', 'set-process-clock'] as const satisfies readonly PullKind[];
export type ProcessFaultKind = (typeof processFaultKinds)[number];

/** What a process tells the cluster of a fault: it has begun, or something in the process met it. */
export const faultReports = ['pulled', 'noticed'] as const;
export type FaultReport = (typeof faultReports)[number];

export interface ProcessFault {
  /** Of the pull. */
  readonly id: string;
  readonly kind: ProcessFaultKind;
}

export interface Plug {
  readonly kind: PullKind;
  /** The name of the role, process or engine. */
  readonly target: string;
}

export interface PlugChoice extends Plug {
  /** The roles that it takes down; none for an engine. */
  readonly roles: readonly string[];
  /** The number of the process; undefined for roles of this one, and for engines. */
  readonly pid: number | undefined;
}

/** The times of a pull as the process that pulled saw them, in milliseconds since 1970. */
export interface PullTimes {
  readonly id: string;
  readonly pulledAt: number | undefined;
  readonly noticedAt: number | undefined;
  /** Ready again, as everything beside it. */
  readonly readyAt: number | undefined;
  /** Why it could not be pulled. */
  readonly failed: string | undefined;
}

/** A part that the cluster looks after. */
interface PartSeen {
  readonly name: string;
  readonly kind: 'process' | 'engine' | 'proxy';
  readonly pid: number | null;
  readonly state: 'up' | 'restarting' | 'keeps dying' | 'leaving';
  readonly restarts: number;
  readonly ready: boolean;
  readonly says: string;
}

/** Processes whose number follows the load. */
interface GroupSeen {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly wanted: number;
  readonly running: number;
}

export interface PlugView {
  readonly choices: readonly PlugChoice[];
  /** Empty without a cluster, as are the two below. */
  readonly parts: readonly PartSeen[];
  readonly groups: readonly GroupSeen[];
  readonly events: readonly HouseEvent[];
  /** The newest pulls, kept in memory: the State may be what was pulled. */
  readonly pulls: readonly PullTimes[];
}

export interface Plugs {
  look(): Promise<PlugView>;
  /** Resolves when it is begun. Rejects with `not_found` what is not among the choices any more, and with `conflict` during another pull. */
  pull(id: string, plug: Plug): Promise<void>;
}

/** The house as a whole, as every process knows it, for the role that shows it. */
export interface WholeHouse {
  readonly version: string;
  readonly form: 'one-process' | 'cluster' | 'processes';
  readonly auditEveryMs: number;
  /** How many laws an audit checks. */
  readonly laws: number;
  readonly roles: readonly { readonly name: string; readonly says: string; readonly many: boolean }[];
  readonly engines: readonly EngineUsed[];
  /** What is counted, by which module. */
  readonly pulses: readonly { readonly name: string; readonly module: string }[];
  /** Who reads which topic of the stream. */
  readonly readers: readonly { readonly topic: string; readonly group: string }[];
  readonly plugs: Plugs;
}

export interface EngineUsed {
  readonly port: 'state' | 'stream' | 'cache' | 'lake' | 'mail';
  /** Such as `sqlite`. */
  readonly engine: string;
  /** Its address, without secrets. */
  readonly where: string;
}
