/** Disks that are full, and folders that cannot be written, made by the file system itself. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

interface SmallDisk {
  readonly folder: string;
  /** Options of mount, such as `size=40m` or `ro`. */
  remount(options: string): void;
}

/** A file system of this size; undefined where mounting is not allowed. */
export function smallDisk(t: TestContext, size: string): SmallDisk | undefined {
  if (!existsSync('/proc/mounts') || process.getuid?.() !== 0) return undefined;
  // What a house puts beside its data folder is not on the small disk, and goes with it.
  const outer = mkdtempSync(join(tmpdir(), 'kontor-small-disk-'));
  const folder = join(outer, 'disk');
  mkdirSync(folder, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(outer, { recursive: true });
    return undefined;
  }
  t.after(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(outer, { recursive: true });
  });
  return { folder, remount: (options) => execFileSync('mount', ['-o', `remount,${options}`, folder]) };
}

interface ReadableFolder {
  readonly folder: string;
  setWritable(writable: boolean): void;
}

/** Permissions do not stop root, so for root the file system refuses; undefined where it cannot be told to. */
export function readableFolder(t: TestContext): ReadableFolder | undefined {
  if (process.getuid?.() === 0) {
    const disk = smallDisk(t, '40m');
    return disk && { folder: disk.folder, setWritable: (writable) => disk.remount(writable ? 'rw' : 'ro') };
  }
  const folder = temporaryFolder(t);
  const all = () => [folder, ...readdirSync(folder, { recursive: true, withFileTypes: true }).filter(isFolder).map(pathOf)];
  const setWritable = (writable: boolean) => {
    for (const one of all()) chmodSync(one, writable ? 0o700 : 0o500);
  };
  t.after(() => setWritable(true));
  return { folder, setWritable };
}

type Entry = { readonly parentPath: string; readonly name: string; isDirectory(): boolean };
const isFolder = (entry: Entry) => entry.isDirectory();
const pathOf = ({ parentPath, name }: Entry) => join(parentPath, name);
