/** The repository's files for the tidy rules: paths, and texts read on demand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that no rule reads: foreign or generated. `.git` is a file in an additional work tree. */
const skipped = new Set(['.git', '.engines', 'data', 'dist', 'node_modules']);
const binaryFiles = /\.(png|jpg|ico|woff2|parquet|db|gz|br)$/;
/** More files than this means that data was put among the code. */
const maxFiles = 20_000;

export interface Tree {
  /** Relative to the root, with forward slashes, sorted. */
  readonly paths: readonly string[];
  /** The file's text; empty for pictures and other binary files. */
  text(path: string): string;
  /** Whether a file or folder exists. */
  has(path: string): boolean;
}

export function readTree(root: string): Tree {
  const paths: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      if (entry.isFile()) paths.push(path);
      if (paths.length > maxFiles)
        throw new Error(`more than ${maxFiles} files under ${root}: generated files belong into a folder that .gitignore names`);
    }
  };
  visit('');
  paths.sort();
  const texts = new Map<string, string>();
  return {
    paths,
    text(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const text = binaryFiles.test(path) ? '' : readFileSync(join(root, path), 'utf8');
      texts.set(path, text);
      return text;
    },
    has: (path) => existsSync(join(root, path)),
  };
}

/** A tree in memory, for tests of the rules. */
export function imaginedTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort();
  return {
    paths,
    text: (path) => files[path] ?? '',
    has: (path) => paths.some((known) => known === path || known.startsWith(`${path.replace(/\/$/, '')}/`)),
  };
}
