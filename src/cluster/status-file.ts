/** The file in the data folder that a running cluster writes for `kontor cluster status` and `down`. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GroupRow } from './scaled-group.ts';
import type { Row } from './supervised.ts';

export interface ClusterStatus {
  /** The id of the cluster's supervising process. */
  readonly processId: number;
  /** The address of the cluster. */
  readonly url: string;
  /** Where the supervising process tells the size of the groups, for Prometheus. */
  readonly metricsUrl: string;
  /** Names of the engines that it started. */
  readonly engines: readonly string[];
  readonly parts: readonly Row[];
  /** The groups whose size follows the load. */
  readonly groups: readonly GroupRow[];
}

/** Written several times a second: an older file belongs to a cluster that has ended. */
const freshMs = 15_000;

export function clusterFolder(dataDir: string): string {
  return path.resolve(dataDir, 'cluster');
}

function statusFile(dataDir: string): string {
  return path.join(clusterFolder(dataDir), 'status.json');
}

export function writeStatus(dataDir: string, status: ClusterStatus): void {
  // Renamed into place, so that readers never see half of it.
  const half = `${statusFile(dataDir)}.new`;
  writeFileSync(half, JSON.stringify(status));
  renameSync(half, statusFile(dataDir));
}

export function removeStatus(dataDir: string): void {
  rmSync(statusFile(dataDir), { force: true });
}

/** The status of the cluster on this data folder; undefined when none runs. */
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
