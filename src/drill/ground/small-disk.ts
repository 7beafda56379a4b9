/** A disk of its own for the data folder, which a drill can fill. It is in memory, and needs the right to mount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRunning } from '#house/is-running.ts';

/** Filling it takes as much memory. */
const sizeMib = 512;
const prefix = 'kontor-drill-disk-';
const pieceBytes = 1_048_576;
const smallPieceBytes = 4_096;

export interface SmallDisk {
  /** Where it is mounted. */
  readonly folder: string;
  fill(): void;
  makeRoom(): void;
  remove(): void;
}

/** Undefined where this user may not mount one: also root may not, in a container. */
export function openSmallDisk(): SmallDisk | undefined {
  if (process.getuid?.() !== 0) return undefined;
  removeLeftDisks();
  const folder = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=700`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  const remove = () => {
    process.off('exit', remove);
    unmount(folder);
  };
  // Also when the drill ends by an error that nobody expected.
  process.once('exit', remove);
  const filler = path.join(folder, 'filler');
  return {
    folder,
    fill() {
      const file = openSync(filler, 'w');
      for (const bytes of [pieceBytes, smallPieceBytes]) writeUntilFull(file, bytes);
      closeSync(file);
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove,
  };
}

/** Those of drills that were killed. */
function removeLeftDisks(): void {
  for (const name of readdirSync(tmpdir())) {
    const processId = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0;
    if (processId > 0 && !isRunning(processId)) unmount(path.join(tmpdir(), name));
  }
}

/** A drill that was killed early has a folder without a disk. */
function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
  rmdirSync(folder);
}

function writeUntilFull(file: number, bytes: number): void {
  const piece = Buffer.alloc(bytes);
  for (let written = 0; written < sizeMib * pieceBytes; written += bytes) {
    try {
      writeSync(file, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
