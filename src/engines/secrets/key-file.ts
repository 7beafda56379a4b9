/** The file that holds a house's keys where SECRETS_KEY is not set: made at the first start, for its owner only. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { KontorError } from '#core/errors.ts';

const head =
  '# The keys that seal secrets in the books of a Kontor. The first one seals; older ones only open.\n# Keep a copy in a safe place, apart from copies of the books: without it, second factors are lost.\n';
const maxBytes = 65_536;

export interface KeyPlace {
  /** SECRETS_FILE. */
  readonly file: string | undefined;
  readonly dataDir: string;
}

/** The file that is there; undefined when none is. */
export function findKeyFile(place: KeyPlace): string | undefined {
  return candidates(place).find((file) => existsSync(file));
}

/** Makes a file with a first key, or finds that of a process that was faster. */
export function makeKeyFile(place: KeyPlace): string {
  const failures: unknown[] = [];
  for (const file of candidates(place)) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      addUnlessThere(file, newKey());
      return file;
    } catch (error) {
      failures.push(error);
    }
  }
  const [first] = failures;
  throw new KontorError(
    'storage_read_only',
    `the key that seals secrets cannot be written to ${candidates(place).join(' or ')} (${first instanceof Error ? first.message : first}): set SECRETS_KEY, or SECRETS_FILE to a path that this user may write`,
    { cause: first },
  );
}

export function readKeys(file: string): readonly string[] {
  try {
    if (statSync(file).size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    const lines = readFileSync(file, 'utf8').split('\n');
    const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
    if (keys.length === 0) throw new Error('there is no key in it');
    return keys;
  } catch (error) {
    throw new KontorError('unavailable', `the keys that open secrets cannot be read from ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** In one step, so that no process reads half a file. */
export function replaceKeys(file: string, keys: readonly string[]): void {
  renameSync(writeUnfinished(file, keys), file);
}

export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Changes whenever the file does. */
export function stampOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file);
  return `${mtimeMs} ${size} ${ino}`;
}

/** Whether others may read it. */
export function othersMayRead(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

export function isInside(file: string, folder: string): boolean {
  return resolve(file).startsWith(resolve(folder) + sep);
}

/** Beside the data folder, so that a copy of the folder lacks the key; in it only where nothing beside it can be written. */
function candidates({ file, dataDir }: KeyPlace): readonly string[] {
  return file === undefined ? [`${resolve(dataDir)}.key`, join(dataDir, 'secrets.key')] : [file];
}

/** Of several processes, one makes the key, and the others find the whole of it. */
function addUnlessThere(file: string, key: string): void {
  const unfinished = writeUnfinished(file, [key]);
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function writeUnfinished(file: string, keys: readonly string[]): string {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}~`;
  writeFileSync(unfinished, `${head}${keys.join('\n')}\n`, { mode: 0o600, flush: true });
  return unfinished;
}
