/** Pages of files from a tree of folders, in the byte order of their paths. */
import { isLakeFile, isLakeFolder } from '#core/lake-path.ts';
import type { LakeFile, LakePage } from '#core/ports/lake.ts';

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** The size of a file; undefined when it has been removed. */
  bytes(): Promise<number | undefined>;
}

export interface FolderTree {
  /** None when there is no such folder. */
  entries(folder: string): Promise<readonly FolderEntry[]>;
}

export async function pageOf(tree: FolderTree, folder: string, page: LakePage): Promise<readonly LakeFile[]> {
  const files: LakeFile[] = [];
  await collect(tree, folder, page, files);
  return files;
}

async function collect(tree: FolderTree, folder: string, page: LakePage, files: LakeFile[]): Promise<void> {
  for (const { path, entry } of inOrder(folder, await tree.entries(folder))) {
    if (files.length === page.limit) return;
    if (page.after !== undefined && isBefore(path, entry.isFolder, page.after)) continue;
    if (entry.isFolder) {
      await collect(tree, path, page, files);
      continue;
    }
    const bytes = await entry.bytes();
    if (bytes !== undefined) files.push({ path, bytes });
  }
}

interface Child {
  readonly path: string;
  readonly entry: FolderEntry;
}

/** Only what can be in a lake. A folder stands where its first file does. */
function inOrder(folder: string, entries: readonly FolderEntry[]): readonly Child[] {
  const children = entries
    .map((entry) => ({ path: folder === '' ? entry.name : `${folder}/${entry.name}`, entry }))
    .filter(({ path, entry }) => (entry.isFolder ? isLakeFolder(path) : isLakeFile(path)));
  const key = ({ path, entry }: Child) => (entry.isFolder ? `${path}/` : path);
  return children.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Whether a file, or all files of a folder, come before or at the path `after`. */
function isBefore(path: string, isFolder: boolean, after: string): boolean {
  return isFolder ? `${path}/` < after && !after.startsWith(`${path}/`) : path <= after;
}
