/** The manifest of an hour: which files have its accesses, for programs that read the lake without the State. */
import { hourName } from './lake-paths.ts';

interface ListedFile {
  readonly path: string;
  readonly partition: string;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files in the order of their paths. */
export function hourManifestText(hour: number, files: readonly ListedFile[]): string {
  const lines = files.map(({ path, partition, first, last, rows, bytes, sha256 }) =>
    JSON.stringify({ path, partition, first, last, rows, bytes, sha256 }),
  );
  return `{"hour":"${hourName(hour)}","files":[\n${lines.join(',\n')}\n]}\n`;
}
