/** Removes the files of a folder that belong to hours before another. */
import type { Lake } from '#core/ports/lake.ts';
import { hourFolder } from '../../domain/lake-paths.ts';

const filesAtOnce = 500;

export async function removeOlder(lake: Lake, folder: 'access' | 'views', hour: number): Promise<void> {
  const bound = hourFolder(folder, Math.max(0, hour));
  for (;;) {
    const old = (await lake.list(folder, { limit: filesAtOnce })).filter(({ path }) => path < bound);
    for (const { path } of old) await lake.remove(path);
    if (old.length < filesAtOnce) return;
  }
}
