// Packages of hundreds of small files, and where each is as one file: tools/pack-packages.js writes it, use-packed-packages.js uses it.
import { existsSync, readFileSync } from 'node:fs';

/** Without files of their own that they look for, and without a second copy that a package loads by `require`. */
export const manyFiles = ['kysely', 'typebox'];

/** Has the version that is installed in its name, so that no other one is ever used; undefined where none is installed. */
export function packedFile(name) {
  const about = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(about)) return undefined;
  const { version } = JSON.parse(readFileSync(about, 'utf8'));
  return new URL(`../node_modules/.cache/kontor/packed/${name}-${version}.mjs`, import.meta.url);
}
