/** A folder or a file of its own for a test, removed when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What we need of `TestContext` and of a suite's hooks. */
export interface Cleanup {
  after(work: () => void | Promise<void>): void;
}

export function temporaryFolder(t: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-test-'));
  // A store that closes late may still be deleting its files: try a few times before it counts as a failure.
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 }));
  return folder;
}

/** Where an engine that keeps one file finds none yet. */
export function temporaryFile(t: Cleanup): { path: string } {
  return { path: join(temporaryFolder(t), 'kontor.db') };
}
