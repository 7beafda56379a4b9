/** Locks between processes of this machine. They end with the process that holds them, however it ends. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FileLock {
  release(): void;
}

export interface FileLockOptions {
  /** Or together with others that do not want it alone. */
  readonly alone: boolean;
  readonly waitMs: number;
}

const busy = 5;
const lookAgainMs = 100;

/** Waits for the lock, and stops the whole process meanwhile: for programs that have nothing else to do. */
export function lockFile(file: string, { alone, waitMs }: FileLockOptions): FileLock {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    // A transaction of SQLite holds a lock of the system on its file.
    database.exec(alone ? 'begin exclusive' : 'begin; select count(*) from sqlite_schema');
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}

/** Waits for the lock alone, while the process goes on; undefined if it did not get it in time. */
export async function lockFileInTurn(file: string, waitMs: number): Promise<FileLock | undefined> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    try {
      return lockFile(file, { alone: true, waitMs: 0 });
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== busy) throw error;
    }
    await sleep(lookAgainMs);
  }
  return undefined;
}
