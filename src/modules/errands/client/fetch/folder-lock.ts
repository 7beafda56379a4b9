/** One client at a time saves into a folder: two would write each line of the index twice. */
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { KontorError } from '#core/errors.ts';

/** Returns what ends the lock. That of a process that was killed is taken over. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, '.kontor-fetch.lock');
  for (let attempt = 1; ; attempt += 1) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(path, 'utf8'));
      if (attempt > 3 || isRunning(holder))
        throw new KontorError(
          'storage_busy',
          `another kontor errands fetch (process ${holder}) saves into ${folder}: stop it, or choose another folder`,
        );
      unlinkSync(path);
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
