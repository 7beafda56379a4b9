/** Keeps the lake in order: merges small files, writes the manifests of hours, removes what was replaced and what expired. */

import { hourOf } from '../../domain/lake-paths.ts';
import type { FlightsSettings } from '../../domain/settings.ts';
import { compact, removeReplaced } from './compaction.ts';
import { expireAccesses } from './expire.ts';
import type { LandingPorts } from './landing.ts';
import { writeManifests } from './manifests.ts';

export type LakeUpkeepSettings = Pick<FlightsSettings, 'flightsLakeCompactHours' | 'flightsLakeCompactMib' | 'flightsLakeKeepDays'>;

const bytesPerMiB = 1_024 * 1_024;

/** Two at once do no harm: each step is decided by what is stored. A damaged file keeps nothing else from being done. */
export async function keepLake(ports: LandingPorts, settings: LakeUpkeepSettings, signal?: AbortSignal): Promise<void> {
  await expireAccesses(ports, settings.flightsLakeKeepDays);
  await removeReplaced(ports);
  const before = hourOf(ports.clock.now()) - settings.flightsLakeCompactHours;
  try {
    await compact(ports, { before, maxBytes: settings.flightsLakeCompactMib * bytesPerMiB }, signal);
  } finally {
    await writeManifests(ports, signal);
  }
}
