/** Writes a manifest for each hour that ended: its files with their hashes, for programs that read the lake without the State. */
import { createHash } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import { hourManifestText } from '../../domain/hour-manifest.ts';
import { hourManifestPath, hourOf } from '../../domain/lake-paths.ts';
import { forgetOutdated, hoursToList, readHour, readOutdated, storeManifest } from '../../store/access/manifests.ts';

type ManifestPorts = Pick<Ports, 'state' | 'lake' | 'clock'>;

/** Each crash between the file and the State may take one version. */
const maxVersionsTried = 1_000;

export async function writeManifests(ports: ManifestPorts, signal?: AbortSignal): Promise<void> {
  const { state, lake, clock } = ports;
  let hours: readonly number[];
  do {
    hours = await hoursToList(state, hourOf(clock.now()));
    for (const hour of hours) {
      if (signal?.aborted) return;
      await writeManifest(ports, hour);
    }
  } while (hours.length > 0);
  for (const manifest of await readOutdated(state)) {
    for (let version = manifest.oldest; version < manifest.version; version += 1)
      await lake.remove(hourManifestPath(manifest.hour, version));
    await forgetOutdated(state, manifest);
  }
}

async function writeManifest({ state, lake }: ManifestPorts, hour: number): Promise<void> {
  const { files, manifest } = await readHour(state, hour);
  // They expired meanwhile.
  if (files.length === 0) return;
  const bytes = Buffer.from(hourManifestText(hour, files));
  const version = await createNext(lake, hour, (manifest?.version ?? 0) + 1, bytes);
  await storeManifest(state, manifest, {
    hour,
    version,
    oldest: manifest?.oldest ?? 1,
    files: files.length,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
}

/** A version that a crash left in the lake has the same content, or is passed over. */
async function createNext(lake: Ports['lake'], hour: number, first: number, bytes: Buffer): Promise<number> {
  for (let version = first; version < first + maxVersionsTried; version += 1) {
    const path = hourManifestPath(hour, version);
    if ((await lake.create(path, bytes)) === 'created') return version;
    const there = await lake.read(path);
    if (there !== undefined && bytes.equals(there)) return version;
  }
  throw new KontorError(
    'storage_damaged',
    `${hourManifestPath(hour, first)} and the next ${maxVersionsTried} are in the lake, and in no table`,
  );
}
