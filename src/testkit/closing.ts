/** Closes what a test opens after the test, in the order of opening. */
import type { Cleanup } from './temporary-folder.ts';

/** Called before `temporaryFolder(t)`: hooks run in the order of registration, and the folder is removed last. */
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
