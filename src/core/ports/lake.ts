/**
 * Lake: a store of whole files that never change, such as Parquet files and their manifests.
 *
 * Promises:
 * - `create` stores a file whole or not at all, and is durable when it resolves. It never changes a file: where the path is
 *   taken, whatever the content, it resolves `exists`, and that file is durable, too. Of many that create a path at once,
 *   at most one gets `created`; none does when its answer was lost, so compare contents where it matters. After a failure
 *   (a time-out, a lost connection) the file may exist: create it again;
 * - a file is at most `maxLakeFileBytes` long; a longer one is refused with `too_large`;
 * - `list` returns the files below a folder, however deep, in the byte order of their paths, after the path `after`, at
 *   most `limit`. Half-written files are never listed or read. A file that was there before the first page and is not
 *   removed is on exactly one page;
 * - `remove` is durable when it resolves; a file that is not there is no error;
 * - a path is used for one content only: a removed file may be created again only with the same bytes, so that
 *   copies never go stale;
 * - `local` gives a path on this machine for programs that read files, such as DuckDB: that of the file itself, or of a copy
 *   that stays until `release`. It ends with the file's path in the lake, so that hive partitions can be read from it. A
 *   file that is removed from the lake meanwhile may go at once: list and read again;
 * - an engine that is gone rejects with a retryable `KontorError` within a limited time, and recovers by itself.
 *
 * A path is relative, such as `access/dt=2026-01-02/hr=05/p0-1-900.parquet`: see lake-path.ts.
 */
export interface Lake {
  create(path: string, content: Uint8Array): Promise<'created' | 'exists'>;
  /** The content; undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** `''` is the folder of all files. */
  list(folder: string, page: LakePage): Promise<readonly LakeFile[]>;
  remove(path: string): Promise<void>;
  /** Undefined when there is no such file. */
  local(path: string): Promise<LocalFile | undefined>;
  /** Rejects when the lake cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface LakeFile {
  readonly path: string;
  readonly bytes: number;
}

export interface LakePage {
  /** The path of the last file of the page before; left out for the first page. */
  readonly after?: string | undefined;
  /** From 1 to `maxLakePage`. */
  readonly limit: number;
}

export interface LocalFile {
  /** An absolute path. */
  readonly file: string;
  /** Ends the use of it; calling it again does nothing. */
  release(): void;
}

export const maxLakeFileBytes = 256 * 1024 * 1024;
export const maxLakePage = 10_000;
