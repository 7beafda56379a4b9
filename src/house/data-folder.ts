/** Makes sure that an embedded engine's folder exists and can be written, or says what to do. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KontorError } from '#core/errors.ts';

const mend = 'give this user the right to write it, or choose another folder with DATA_DIR';

/** Makes the folder of `path`, for its owner only; leaves one that exists as it is. */
export async function prepareFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderFailure(folder, error as NodeJS.ErrnoException);
  }
}

/** A warning where others on this machine may look into the data folder: the house closes what it makes, and leaves what it finds. */
export async function openFolderWarning(folder: string): Promise<string | undefined> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => 0,
  );
  return (mode & 0o077) === 0 ? undefined : `others on this machine may look into the data folder: chmod -R go= ${folder}`;
}

/** For commands that read a house: a mistyped path must not create a new one. */
export async function expectFile(path: string): Promise<void> {
  try {
    await access(path, constants.F_OK);
  } catch (error) {
    throw new KontorError(
      'not_found',
      `there are no books at ${path}: begin them with \`kontor up\`, or say where they are with DATA_DIR`,
      { cause: error },
    );
  }
}

function folderFailure(folder: string, error: NodeJS.ErrnoException): KontorError {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return new KontorError('storage_read_only', `the data folder ${folder} cannot be written: ${mend}`, { cause: error });
    case 'EROFS':
      return new KontorError(
        'storage_read_only',
        `the data folder ${folder} is on a file system that is mounted read-only: mount it writable, or choose another folder with DATA_DIR`,
        { cause: error },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new KontorError(
        'storage_full',
        `the disk has no room for the data folder ${folder}: make room, or choose another folder with DATA_DIR`,
        { cause: error },
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new KontorError(
        'invalid_option',
        `the data folder ${folder} cannot be made, because a file is in its place: move it away, or choose another folder with DATA_DIR`,
        { cause: error },
      );
    default:
      return new KontorError('unavailable', `the data folder ${folder} cannot be used (${error.message}): choose another with DATA_DIR`, {
        cause: error,
      });
  }
}
