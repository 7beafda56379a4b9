/** Names of the files of the lake. Hours are counted since 1970, in UTC. */

export const hourMs = 3_600_000;

export function hourOf(at: number): number {
  return Math.floor(at / hourMs);
}

/** `2026-12-01T05` */
export function hourName(hour: number): string {
  return new Temporal.Instant(BigInt(hour * hourMs) * 1_000_000n).toString().slice(0, 13);
}

interface Range {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

/** Accesses of one hour with the numbers of a range; those of other hours are in files of the same range. */
export function accessPath(hour: number, { partition, first, last }: Range): string {
  return `${hourFolder('access', hour)}p${partition}-${first}-${last}.parquet`;
}

/** A manifest of the files of an hour. Each change of them makes a new version; the highest one counts. */
export function hourManifestPath(hour: number, version: number): string {
  return `${hourFolder('access', hour)}manifest-${version}.json`;
}

/** Flights that a run compared; named by its content, which several runs share. */
export function timetablePath(sha256: string): string {
  return `timetable/${sha256}.parquet`;
}

/** `access` has what happened in an hour, `views` what was computed from it. */
export function hourFolder(folder: 'access' | 'views', hour: number): string {
  const name = hourName(hour);
  return `${folder}/dt=${name.slice(0, 10)}/hr=${name.slice(11)}/`;
}
