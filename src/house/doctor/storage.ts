/** What `kontor doctor` says of the data folder: who may look into it, room on the disk, the quota, and how long a write to it takes. */
import { constants } from 'node:fs';
import { access, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '#config/options.ts';
import { openFolderWarning } from '../data-folder.ts';
import { doubtful, type Finding, good, reasonOf, wrong } from './finding.ts';

const bytesPerMb = 1_048_576;
const littleMb = 1_024;
const tooLittleMb = 100;
const fewFiles = 1_000;
const probeBytes = bytesPerMb;
const probes = 5;
/** Each acknowledged change waits for one such write. */
const slowWriteMs = 50;

export async function storageFindings({ dataDir }: Pick<Config, 'dataDir'>): Promise<readonly Finding[]> {
  const folder = resolve(dataDir);
  const there = await nearestFolder(folder);
  const rights = await rightsFinding(folder, there);
  if (rights.verdict === 'wrong') return [rights];
  return [rights, await roomFinding(there), await writeFinding(there)];
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

async function rightsFinding(folder: string, there: string): Promise<Finding> {
  const mend = 'give this user the right to write it, or choose another folder with DATA_DIR';
  if (!(await stat(there)).isDirectory())
    return wrong('data folder', `${there} is a file`, 'move it away, or choose another with DATA_DIR');
  try {
    await access(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return wrong('data folder', `${there} cannot be written (${reasonOf(error)})`, mend);
  }
  if (folder !== there) return good('data folder', `${folder} is made at the start`);
  const warning = await openFolderWarning(folder);
  if (warning === undefined) return good('data folder', `${folder} is readable by its owner only`);
  return doubtful('data folder', `others on this machine may look into ${folder}`, `chmod -R go= ${folder}`);
}

async function roomFinding(folder: string): Promise<Finding> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / bytesPerMb);
  const says = `${freeMb} MB are free on the disk of ${folder}`;
  const mend = 'make room, or choose another folder with DATA_DIR';
  if (freeMb < tooLittleMb) return wrong('disk', says, mend);
  // Some file systems have no such count.
  if (files > 0 && ffree < fewFiles) return wrong('disk', `only ${ffree} more files may be made on the disk of ${folder}`, mend);
  return freeMb < littleMb ? doubtful('disk', says, `the tape of a day takes more: ${mend}`) : good('disk', says);
}

/** Writes a file and removes it: only that tells whether a quota or a mount refuses. */
async function writeFinding(folder: string): Promise<Finding> {
  const path = join(folder, `.kontor-doctor-${process.pid}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.write(Buffer.alloc(probeBytes));
      await file.sync();
      const took: number[] = [];
      for (let turn = 0; turn < probes; turn += 1) {
        const beganMs = performance.now();
        await file.write(Buffer.alloc(4_096), 0, 4_096, 0);
        await file.datasync();
        took.push(performance.now() - beganMs);
      }
      return speedFinding(took);
    } finally {
      await file.close();
    }
  } catch (error) {
    return refusedWrite(folder, error as NodeJS.ErrnoException);
  } finally {
    await rm(path, { force: true });
  }
}

export function speedFinding(tookMs: readonly number[]): Finding {
  const median = [...tookMs].sort((one, other) => one - other)[Math.floor(tookMs.length / 2)] ?? 0;
  const says = `a durable write takes ${median.toFixed(1)} ms`;
  if (median <= slowWriteMs) return good('writing', says);
  return doubtful('writing', says, 'every purchase waits for one: put DATA_DIR on a faster disk');
}

export function refusedWrite(folder: string, error: NodeJS.ErrnoException): Finding {
  const elsewhere = 'or choose another folder with DATA_DIR';
  switch (error.code) {
    case 'EDQUOT':
      return wrong('writing', `the quota of this user is used up on the disk of ${folder}`, `raise it, remove files, ${elsewhere}`);
    case 'ENOSPC':
      return wrong('writing', `the disk of ${folder} is full`, `make room, ${elsewhere}`);
    case 'EFBIG':
      return wrong('writing', `files of a megabyte are refused in ${folder}`, 'raise the limit: ulimit -f unlimited');
    case 'EROFS':
      return wrong('writing', `the disk of ${folder} is mounted read-only`, `mount it writable, ${elsewhere}`);
    default:
      return wrong('writing', `nothing can be written in ${folder}: ${reasonOf(error)}`, `correct this, ${elsewhere}`);
  }
}
