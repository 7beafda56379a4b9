/** What a test opens is closed when the test is over, in the order in which it was opened. */
import type { Cleanup } from './temporary-folder.ts';

/** Asked for before `temporaryFolder(t)`: hooks run in the order of their registration, and the folder must go last. */
export function closing(t: Cleanup): <Opened extends { close(): Promise<void> }>(opened: Opened) => Opened {
  const all: { close(): Promise<void> }[] = [];
  t.after(async () => {
    for (const opened of all) await opened.close();
  });
  return (opened) => {
    all.push(opened);
    return opened;
  };
}
