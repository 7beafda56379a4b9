/**
 * Copies of the lake's files on this machine, for programs that read files. Each process has its own, bounded in bytes: the
 * ones that were not used for longest go first, and those in use stay.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KontorError } from '#core/errors.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { LocalFile } from '#core/ports/lake.ts';
import { ownedName, ownerOf } from './unfinished.ts';

export interface LocalCopiesOptions {
  /** For the copies of all processes of this machine. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly holder: Holder;
}

interface Copy {
  /** Of this copy alone: it may still be removed when the same file is copied again. */
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  uses: number;
}

export class LocalCopies {
  readonly #options: LocalCopiesOptions;
  readonly #folder: string;
  /** In order of last use: the first was not used for longest. */
  readonly #copies = new Map<string, Copy>();
  readonly #copying = new Map<string, Promise<Copy | undefined>>();
  #bytes = 0;
  #made = 0;
  #cleaned: Promise<void> | undefined;

  constructor(options: LocalCopiesOptions) {
    this.#options = options;
    this.#folder = join(options.folder, ownedName(options.holder));
  }

  /** The copy of a file that `read` gets; undefined when there is no such file. */
  async copyOf(path: string, read: () => Promise<Uint8Array | undefined>): Promise<LocalFile | undefined> {
    this.#cleaned ??= this.#removeOthers();
    await this.#cleaned;
    let copy = this.#copies.get(path);
    while (copy === undefined) {
      if ((await this.#copyOnce(path, read)) === undefined) return undefined;
      // Another copy may have taken its room before it was used.
      copy = this.#copies.get(path);
    }
    copy.uses += 1;
    this.#copies.delete(path);
    this.#copies.set(path, copy);
    let released = false;
    return {
      file: copy.file,
      release: () => {
        if (!released) copy.uses -= 1;
        released = true;
      },
    };
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    this.#copies.clear();
    this.#bytes = 0;
  }

  #copyOnce(path: string, read: () => Promise<Uint8Array | undefined>): Promise<Copy | undefined> {
    const running = this.#copying.get(path);
    if (running !== undefined) return running;
    const copying = this.#copy(path, read).finally(() => this.#copying.delete(path));
    this.#copying.set(path, copying);
    return copying;
  }

  async #copy(path: string, read: () => Promise<Uint8Array | undefined>): Promise<Copy | undefined> {
    const content = await read();
    if (content === undefined) return undefined;
    await this.#makeRoom(content.length);
    this.#made += 1;
    const folder = join(this.#folder, String(this.#made));
    const copy = { folder, file: join(folder, path), bytes: content.length, uses: 0 };
    this.#bytes += copy.bytes;
    try {
      await mkdir(dirname(copy.file), { recursive: true, mode: 0o700 });
      await writeFile(`${copy.file}~`, content, { mode: 0o600 });
      await rename(`${copy.file}~`, copy.file);
    } catch (error) {
      this.#bytes -= copy.bytes;
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      throw new KontorError('storage_full', `the lake's files cannot be copied to ${this.#folder}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    this.#copies.set(path, copy);
    return copy;
  }

  async #makeRoom(bytes: number): Promise<void> {
    for (const [path, copy] of this.#copies) {
      if (this.#bytes + bytes <= this.#options.maxBytes) return;
      if (copy.uses > 0) continue;
      this.#copies.delete(path);
      this.#bytes -= copy.bytes;
      await rm(copy.folder, { recursive: true, force: true });
    }
    if (this.#bytes + bytes <= this.#options.maxBytes) return;
    throw new KontorError(
      'overloaded',
      `the files of the lake that are read at the same time have more than ${this.#options.maxBytes} bytes: give their copies more room (LAKE_COPIES_MB)`,
    );
  }

  /** Removes the copies of processes that are gone. What cannot be removed is left to the next process. */
  async #removeOthers(): Promise<void> {
    const names = await readdir(this.#options.folder).catch(() => []);
    for (const name of names) {
      if (!this.#options.holder.isGone(ownerOf(name))) continue;
      await rm(join(this.#options.folder, name), { recursive: true, force: true }).catch(() => {});
    }
  }
}
