/** A folder or a file for one test, removed after the test. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The common part of `TestContext` and a suite's hooks. */
export interface Cleanup {
  after(work: () => void | Promise<void>): void;
}

export function temporaryFolder(t: Cleanup): string {
  const outer = mkdtempSync(join(tmpdir(), 'kontor-test-'));
  // What a house puts beside its data folder goes with it.
  const folder = join(outer, 'files');
  // Engines that root starts run as somebody else, who comes through here to the folder that is given to him.
  chmodSync(outer, 0o711);
  mkdirSync(folder, { mode: 0o700 });
  // A store that closes late may still be deleting its files: retry a few times.
  t.after(() => rmSync(outer, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 }));
  return folder;
}

/** The path of a file that does not exist yet, for engines that store one file. */
export function temporaryFile(t: Cleanup): { path: string } {
  return { path: join(temporaryFolder(t), 'kontor.db') };
}
