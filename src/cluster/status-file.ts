/** What a running cluster writes down for `kontor cluster status` and `down`, in its data folder. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from './supervised.ts';

export interface ClusterStatus {
  /** The process that keeps the others running. */
  readonly processId: number;
  /** Where people open it. */
  readonly url: string;
  /** Names of the engines that it runs on. */
  readonly engines: readonly string[];
  readonly parts: readonly Row[];
}

/** Written several times a second: an older file was left by a cluster that is gone. */
const freshMs = 15_000;

export function clusterFolder(dataDir: string): string {
  return path.resolve(dataDir, 'cluster');
}

function statusFile(dataDir: string): string {
  return path.join(clusterFolder(dataDir), 'status.json');
}

export function writeStatus(dataDir: string, status: ClusterStatus): void {
  // Renamed into place, so that nobody reads half of it.
  const half = `${statusFile(dataDir)}.new`;
  writeFileSync(half, JSON.stringify(status));
  renameSync(half, statusFile(dataDir));
}

export function removeStatus(dataDir: string): void {
  rmSync(statusFile(dataDir), { force: true });
}

/** The status of the cluster that runs on this data folder, undefined when none does. */
export function readStatus(dataDir: string): ClusterStatus | undefined {
  try {
    if (Date.now() - statSync(statusFile(dataDir)).mtimeMs > freshMs) return undefined;
    const status = JSON.parse(readFileSync(statusFile(dataDir), 'utf8')) as ClusterStatus;
    process.kill(status.processId, 0);
    return status;
  } catch {
    return undefined;
  }
}
