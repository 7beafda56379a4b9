/** One client at a time saves into a folder: two would write each line of the index twice. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KontorError } from '#core/errors.ts';

const busy = 5;

/** Returns what ends the lock. It ends with the process, too, however that ends, and must be kept until then. */
export function lockFolder(folder: string): () => void {
  const database = new DatabaseSync(join(folder, '.kontor-fetch-lock.db'));
  try {
    // A transaction of SQLite that may write holds a lock of the system on its file. This one never writes.
    database.exec('begin immediate');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== busy) throw error;
    throw new KontorError('storage_busy', `another kontor errands fetch saves into ${folder}: stop it, or choose another folder`);
  }
  return () => database.close();
}
