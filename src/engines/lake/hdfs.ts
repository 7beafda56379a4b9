/**
 * The Lake in HDFS, over WebHDFS. A file is written under a temporary name; a rename that never overwrites gives it its name,
 * so that it appears whole and once.
 */
import { KontorError } from '#core/errors.ts';
import { expectLakeFile, expectLakeFolder } from '#core/lake-path.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Lake, LakeFile, LakePage, LocalFile } from '#core/ports/lake.ts';
import type { Random } from '#core/ports/random.ts';
import { hdfsAddress } from './hdfs-address.ts';
import { HttpCalls } from './http-calls.ts';
import { expectLakePage, expectLakeSize } from './limits.ts';
import { LocalCopies } from './local-copies.ts';
import { type FolderEntry, pageOf } from './pages.ts';
import { type RetryLimits, retried } from './retries.ts';
import { ownedName, UnfinishedFiles, unfinishedFolder } from './unfinished.ts';
import { HdfsRefusal, WebHdfs } from './webhdfs.ts';

export interface HdfsLakeOptions {
  /** `hdfs://user@namenode:9870,other:9870/folder`. */
  readonly url: string;
  readonly copiesFolder: string;
  readonly maxCopiesBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly holder: Holder;
  /** The longest that a call may take. */
  readonly timeoutMs?: number;
  readonly limits?: RetryLimits;
}

const defaultTimeoutMs = 10_000;
const defaultLimits = { attempts: 5, withinMs: 20_000 };
/** Another process may remove a folder as empty while a file is about to get its name in it. */
const maxRenames = 10;

interface FileStatus {
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK';
  readonly length: number;
  readonly modificationTime: number;
}

interface Listing {
  readonly DirectoryListing: {
    readonly partialListing: { readonly FileStatuses: { readonly FileStatus: readonly FileStatus[] } };
    readonly remainingEntries: number;
  };
}

export function openHdfsLake(options: HdfsLakeOptions): Lake {
  return new HdfsLake(options);
}

class HdfsLake implements Lake {
  readonly #calls: HttpCalls;
  readonly #hdfs: WebHdfs;
  readonly #copies: LocalCopies;
  readonly #unfinished: UnfinishedFiles;
  readonly #holder: Holder;
  readonly #retrying: { readonly clock: Clock; readonly random: Random; readonly limits: RetryLimits };

  constructor({ url, copiesFolder, maxCopiesBytes, clock, random, holder, timeoutMs = defaultTimeoutMs, limits }: HdfsLakeOptions) {
    this.#calls = new HttpCalls({ clock, timeoutMs });
    this.#hdfs = new WebHdfs(hdfsAddress(url), this.#calls);
    this.#copies = new LocalCopies({ folder: copiesFolder, maxBytes: maxCopiesBytes, holder });
    this.#unfinished = new UnfinishedFiles(clock, holder);
    this.#holder = holder;
    this.#retrying = { clock, random, limits: limits ?? defaultLimits };
  }

  async create(path: string, content: Uint8Array): Promise<'created' | 'exists'> {
    expectLakeFile(path);
    expectLakeSize(path, content.length);
    // The same name for each attempt, so that an attempt sees what the one before did.
    const written = `${unfinishedFolder}/${ownedName(this.#holder)}`;
    let mayBeNamed = false;
    return this.#retried(async () => {
      await this.#clean();
      if (await this.#isThere(path)) {
        // The answer to this process's rename was lost: what is gone under its temporary name is the file.
        if (mayBeNamed && !(await this.#isThere(written))) return 'created';
        await this.#delete(written);
        return 'exists';
      }
      await this.#hdfs.call({
        method: 'PUT',
        operation: 'CREATE',
        path: written,
        parameters: { overwrite: 'true', permission: '640' },
        body: content,
      });
      mayBeNamed = true;
      const outcome = await this.#name(written, path);
      if (outcome === 'exists') await this.#delete(written);
      return outcome;
    });
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    expectLakeFile(path);
    return this.#retried(() => orMissing(this.#hdfs.call({ method: 'GET', operation: 'OPEN', path }), undefined));
  }

  async list(folder: string, page: LakePage): Promise<readonly LakeFile[]> {
    expectLakeFolder(folder);
    expectLakePage(page);
    return this.#retried(() => pageOf({ entries: (one) => this.#entries(one) }, folder, page));
  }

  async remove(path: string): Promise<void> {
    expectLakeFile(path);
    await this.#retried(async () => {
      await this.#delete(path);
      for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
        if (!(await this.#delete(folder))) return;
      }
    });
  }

  async local(path: string): Promise<LocalFile | undefined> {
    expectLakeFile(path);
    return this.#copies.copyOf(path, () => this.read(path));
  }

  async ping(): Promise<void> {
    await this.#retried(() => this.#hdfs.call({ method: 'PUT', operation: 'MKDIRS', path: '' }));
  }

  async close(): Promise<void> {
    this.#calls.close();
    await this.#copies.close();
  }

  async #retried<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await retried(this.#retrying, work);
    } catch (error) {
      if (!(error instanceof HdfsRefusal)) throw error;
      throw new KontorError('unavailable', `HDFS refused: ${error.exception}: ${error.message}`, { cause: error });
    }
  }

  /** Gives the written file its name. */
  async #name(written: string, path: string): Promise<'created' | 'exists'> {
    const parameters = { destination: this.#hdfs.hdfsPath(path), renameoptions: 'NONE' };
    for (let attempt = 1; ; attempt += 1) {
      await this.#hdfs.call({ method: 'PUT', operation: 'MKDIRS', path: folderOf(path) });
      try {
        await this.#hdfs.call({ method: 'PUT', operation: 'RENAME', path: written, parameters });
        return 'created';
      } catch (error) {
        if (!(error instanceof HdfsRefusal)) throw error;
        if (error.exception === 'FileAlreadyExistsException') return 'exists';
        // Another process removed the folder as empty; or the unfinished file itself is gone, and is written again.
        if (attempt < maxRenames && (await this.#isThere(written))) continue;
        throw new KontorError('unavailable', `HDFS could not name ${path}: ${error.message}`, { cause: error });
      }
    }
  }

  async #isThere(path: string): Promise<boolean> {
    return orMissing(
      this.#hdfs.call({ method: 'GET', operation: 'GETFILESTATUS', path }).then(() => true),
      false,
    );
  }

  /** Whether it is gone: a folder with files in it stays. */
  async #delete(path: string): Promise<boolean> {
    try {
      await this.#hdfs.call({ method: 'DELETE', operation: 'DELETE', path });
      return true;
    } catch (error) {
      if (!(error instanceof HdfsRefusal)) throw error;
      return error.exception === 'FileNotFoundException';
    }
  }

  async #entries(folder: string): Promise<readonly FolderEntry[]> {
    const statuses = await this.#statuses(folder);
    return statuses
      .filter(({ type }) => type !== 'SYMLINK')
      .map(({ pathSuffix, type, length }) => ({ name: pathSuffix, isFolder: type === 'DIRECTORY', bytes: async () => length }));
  }

  async #statuses(folder: string): Promise<readonly FileStatus[]> {
    const statuses: FileStatus[] = [];
    for (;;) {
      const startAfter = statuses.at(-1)?.pathSuffix;
      const call = this.#hdfs.json<Listing>({
        method: 'GET',
        operation: 'LISTSTATUS_BATCH',
        path: folder,
        parameters: startAfter === undefined ? {} : { startAfter },
      });
      const listing = await orMissing(call, undefined);
      if (listing === undefined) return [];
      const { partialListing, remainingEntries } = listing.DirectoryListing;
      const found = partialListing.FileStatuses.FileStatus;
      statuses.push(...found);
      if (remainingEntries === 0 || found.length === 0) return statuses;
    }
  }

  /** Removes what processes left that were killed while they wrote. */
  async #clean(): Promise<void> {
    if (!this.#unfinished.due()) return;
    for (const { pathSuffix, modificationTime } of await this.#statuses(unfinishedFolder)) {
      if (this.#unfinished.isAbandoned(pathSuffix, modificationTime)) await this.#delete(`${unfinishedFolder}/${pathSuffix}`);
    }
  }
}

/** `''` is the lake's own folder, which stays. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function orMissing<Result, Otherwise>(work: Promise<Result>, otherwise: Otherwise): Promise<Result | Otherwise> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HdfsRefusal && error.exception === 'FileNotFoundException') return otherwise;
    throw error;
  }
}
