/** Writes a file whole or not at all. */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KontorError } from '#core/errors.ts';

const made = new Set<string>();
const maxKnownFolders = 10_000;

/** Resolves to the folder it is in. The content is durable then, and its name after `syncFolder`. */
export async function saveFile(folder: string, name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, ...name.split('/'));
  // Hidden while it is unfinished. The client that goes on after this one was killed writes the same file.
  const unfinished = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.part`);
  try {
    await makeFolder(dirname(path));
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    return dirname(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KontorError(
      code === 'ENOSPC' || code === 'EDQUOT' ? 'storage_full' : 'storage_read_only',
      `${path} cannot be written: ${message}`,
      {
        cause: error,
      },
    );
  }
}

export async function syncFolder(path: string): Promise<void> {
  // Windows has no such thing.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function makeFolder(folder: string): Promise<void> {
  if (made.has(folder)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made.size >= maxKnownFolders) made.clear();
  made.add(folder);
}
