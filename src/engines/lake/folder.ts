/**
 * The Lake in a folder of this machine, or one that several machines mount. A file is written under a temporary name and
 * synced, then gets its name by a hard link, which fails when the name is taken; then the folders are synced.
 */
import { constants } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { KontorError } from '#core/errors.ts';
import { expectLakeFile, expectLakeFolder } from '#core/lake-path.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Lake, LakeFile, LakePage, LocalFile } from '#core/ports/lake.ts';
import { expectLakePage, expectLakeSize } from './limits.ts';
import { type FolderEntry, pageOf } from './pages.ts';
import { ownedName, UnfinishedFiles, unfinishedFolder } from './unfinished.ts';

export interface FolderLakeOptions {
  /** It is made by the first `create`, readable by its owner only. */
  readonly folder: string;
  readonly clock: Clock;
  readonly holder: Holder;
}

/** Another process may remove a folder as empty while a file is about to get its name in it. */
const maxAttempts = 100;
/** A recursive `mkdir` fails with ENOTDIR when a folder that it found is removed before it looks at it. */
const codesOfRemovedFolder: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

export function openFolderLake(options: FolderLakeOptions): Lake {
  return new FolderLake(options);
}

class FolderLake implements Lake {
  readonly #root: string;
  readonly #unfinished: string;
  readonly #holder: Holder;
  readonly #others: UnfinishedFiles;

  constructor({ folder, clock, holder }: FolderLakeOptions) {
    this.#root = resolve(folder);
    this.#unfinished = join(this.#root, unfinishedFolder);
    this.#holder = holder;
    this.#others = new UnfinishedFiles(clock, holder);
  }

  async create(path: string, content: Uint8Array): Promise<'created' | 'exists'> {
    expectLakeFile(path);
    expectLakeSize(path, content.length);
    return this.#guarded(() => this.#create(this.#fileOf(path), content));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    expectLakeFile(path);
    return this.#guarded(() => orMissing(readFile(this.#fileOf(path)), undefined));
  }

  async list(folder: string, page: LakePage): Promise<readonly LakeFile[]> {
    expectLakeFolder(folder);
    expectLakePage(page);
    return this.#guarded(() => pageOf({ entries: (one) => this.#entries(one) }, folder, page));
  }

  async remove(path: string): Promise<void> {
    expectLakeFile(path);
    await this.#guarded(() => this.#remove(this.#fileOf(path)));
  }

  async local(path: string): Promise<LocalFile | undefined> {
    expectLakeFile(path);
    const file = this.#fileOf(path);
    return (await this.#guarded(() => isThere(file))) ? { file, release() {} } : undefined;
  }

  async ping(): Promise<void> {
    await this.#guarded(async () => {
      await mkdir(this.#root, { recursive: true, mode: 0o700 });
      await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
    });
  }

  async close(): Promise<void> {}

  #fileOf(path: string): string {
    return join(this.#root, path);
  }

  async #create(file: string, content: Uint8Array): Promise<'created' | 'exists'> {
    await this.#clean();
    if (await isThere(file)) {
      await this.#syncFoldersOf(file);
      return 'exists';
    }
    const written = await this.#writeUnfinished(content);
    try {
      return await nameFile(written, file);
    } finally {
      await orMissing(unlink(written), undefined);
      await this.#syncFoldersOf(file);
    }
  }

  /** Removes what processes left that were killed while they wrote. */
  async #clean(): Promise<void> {
    if (!this.#others.due()) return;
    for (const name of await orMissing(readdir(this.#unfinished), [])) {
      const file = join(this.#unfinished, name);
      const found = await orMissing(stat(file), undefined);
      if (found !== undefined && this.#others.isAbandoned(name, found.mtimeMs)) await orMissing(unlink(file), undefined);
    }
  }

  async #writeUnfinished(content: Uint8Array): Promise<string> {
    const file = join(this.#unfinished, ownedName(this.#holder));
    await mkdir(this.#unfinished, { recursive: true, mode: 0o700 });
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return file;
  }

  /** All of them each time: another process may have made a folder and not synced it yet. */
  async #syncFoldersOf(file: string): Promise<void> {
    const above = dirname(this.#root);
    for (let folder = dirname(file); folder !== above; folder = dirname(folder)) await orMissing(syncFolder(folder), undefined);
    await syncFolder(above);
  }

  async #remove(file: string): Promise<void> {
    await orMissing(unlink(file), undefined);
    await orMissing(syncFolder(dirname(file)), undefined);
    for (let folder = dirname(file); folder !== this.#root; folder = dirname(folder)) {
      if (!(await removedEmpty(folder))) return;
    }
  }

  async #entries(folder: string): Promise<readonly FolderEntry[]> {
    const entries = await orMissing(readdir(this.#fileOf(folder), { withFileTypes: true }), []);
    return entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
        bytes: async () => (await orMissing(stat(join(entry.parentPath, entry.name)), undefined))?.size,
      }));
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw folderFailure(this.#root, error);
    }
  }
}

/** Gives the written file its name. */
async function nameFile(written: string, file: string): Promise<'created' | 'exists'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await link(written, file);
      return 'created';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return 'exists';
      if (!codesOfRemovedFolder.has(code) || attempt === maxAttempts) throw error;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await orMissing(stat(file), undefined)) !== undefined;
}

/** The result, or `otherwise` when the file or folder is not there. */
async function orMissing<Result, Otherwise>(work: Promise<Result>, otherwise: Otherwise): Promise<Result | Otherwise> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

function folderFailure(root: string, error: unknown): KontorError {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new KontorError('storage_full', `the disk of the lake ${root} is full: make room`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new KontorError('storage_read_only', `the lake ${root} cannot be written: give this user the right to write it (LAKE_URL)`, {
        cause: error,
      });
    default:
      return new KontorError('unavailable', `the lake ${root} cannot be used: ${message}`, { cause: error });
  }
}
