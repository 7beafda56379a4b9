/**
 * Paths in the lake, the same on every engine: segments of plain characters with `/` between them. The last segment of a
 * file has a dot in it and folders have none, so that no path is both a file and a folder; none begins with a dot, so that
 * engines can keep unfinished files under such names.
 */
import { invariant } from './errors.ts';

/** A file system allows 255 bytes a segment, S3 1,024 a path with its prefix. */
const maxPathLength = 512;
const folderForm = /^[A-Za-z0-9_][A-Za-z0-9_=-]{0,199}$/;
const fileForm = /^[A-Za-z0-9_][A-Za-z0-9_=-]{0,150}(\.[A-Za-z0-9_=-]{1,40})+$/;

export function isLakeFile(path: string): boolean {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  return path.length <= maxPathLength && name.length <= 200 && fileForm.test(name) && segments.every((segment) => folderForm.test(segment));
}

/** Whether it is a folder's path; `''` is the folder of all files. */
export function isLakeFolder(path: string): boolean {
  return path === '' || (path.length <= maxPathLength && path.split('/').every((segment) => folderForm.test(segment)));
}

/** Paths come from code, never from users: a wrong one is a broken invariant. */
export function expectLakeFile(path: string): void {
  invariant(isLakeFile(path), `${JSON.stringify(path)} is no path of a file in the lake`);
}

export function expectLakeFolder(path: string): void {
  invariant(isLakeFolder(path), `${JSON.stringify(path)} is no path of a folder in the lake`);
}
