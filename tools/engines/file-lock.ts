/** Locks between processes of this machine. They end with the process that holds them, however it ends. */
import { DatabaseSync } from 'node:sqlite';

export interface FileLock {
  release(): void;
}

export interface FileLockOptions {
  /** Or together with others that do not want it alone. */
  readonly alone: boolean;
  readonly waitMs: number;
}

/** Waits for the lock, and stops the whole process meanwhile: for programs that have nothing else to do. */
export function lockFile(file: string, { alone, waitMs }: FileLockOptions): FileLock {
  const database = new DatabaseSync(file, { timeout: waitMs });
  // A transaction of SQLite holds a lock of the system on its file.
  database.exec(alone ? 'begin exclusive' : 'begin; select count(*) from sqlite_schema');
  return { release: () => database.close() };
}
