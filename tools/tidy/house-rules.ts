/** Tidy rules for the house as a whole: rooms, pages and their links, and what must not be named. */
import { dirname, posix } from 'node:path';
import { eachLine, type TidyRule, type Untidy } from './rule.ts';
import type { Tree } from './tree.ts';

const pages = (tree: Tree) => tree.paths.filter((path) => path.endsWith('.md'));
/** Names of the folders directly in `folder` that hold any file. */
const foldersIn = (tree: Tree, folder: string) => [
  ...new Set(
    tree.paths
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1).split('/'))
      .filter((parts) => parts.length > 1)
      .map((parts) => parts[0] ?? ''),
  ),
];

/** A heading's anchor, as the common viewers make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-');

export const houseRules: readonly TidyRule[] = [
  {
    id: 'room-readme',
    says: 'every room says in a README what lives there, what it may import and how to add one more',
    check: (tree) =>
      [
        ...foldersIn(tree, 'src').map((room) => `src/${room}`),
        ...foldersIn(tree, 'src/modules').map((module) => `src/modules/${module}`),
        ...['web', 'test', 'bench', 'tools', 'deploy'],
      ]
        .filter((room) => tree.paths.some((path) => path.startsWith(`${room}/`)))
        .filter((room) => !tree.paths.includes(`${room}/README.md`))
        .map((room) => ({
          path: `${room}/README.md`,
          says: 'is missing: say what lives here, what it may import, and how to add one more',
        })),
  },
  {
    id: 'links',
    says: 'links between pages have a target',
    check: (tree) => pages(tree).flatMap((path) => brokenLinks(tree, path)),
  },
  {
    id: 'commands-exist',
    says: 'every npm script and every bench that a page names exists',
    check: (tree) => {
      const scripts: unknown = JSON.parse(tree.text('package.json')).scripts ?? {};
      const known = new Set(Object.keys(scripts as object));
      return eachLine(tree, pages(tree), (line) => {
        for (const [, script = ''] of line.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)) {
          if (!known.has(script)) return `names the npm script ${script}, which package.json does not have`;
        }
        for (const [, inRun, inPath] of line.matchAll(/\bnpm run bench(?: --)? ([a-z][a-z-]*)|\bbench\/([a-z][a-z-]*)\.ts/g)) {
          const bench = inRun ?? inPath ?? '';
          if (!tree.has(`bench/${bench}.ts`)) return `names the bench ${bench}, but there is no bench/${bench}.ts`;
        }
        return undefined;
      });
    },
  },
  {
    id: 'no-machine-names',
    says: 'no file names the host of a package registry or a path of a developer’s machine',
    check: (tree) =>
      eachLine(
        tree,
        tree.paths.filter((path) => path !== 'tools/tidy/house-rules.ts'),
        (line) => {
          if (/"resolved": "https?:/.test(line))
            return 'the lock file names a download host: npm i with the .npmrc of this folder leaves it out';
          if (/https?:\/\/(registry|repo|index|pypi|files)\.[a-z]/i.test(line)) return 'names a registry’s host: name the package only';
          if (/(^|[\s'"`(=:])\/(home|Users|root|work)\/[A-Za-z0-9._-]/.test(line))
            return 'names a path of a developer’s machine: make it relative';
          return undefined;
        },
      ),
  },
];

const markdownLink = /\]\(([^)\s]+)\)/g;
const htmlLink = / (?:src|srcset|href)="([^"]+)"/g;

function brokenLinks(tree: Tree, path: string): readonly Untidy[] {
  let inCode = false;
  return eachLine(tree, [path], (line) => {
    if (line.trimStart().startsWith('```')) inCode = !inCode;
    if (inCode) return undefined;
    const prose = line.replaceAll(/`[^`]*`/g, '');
    return [...prose.matchAll(markdownLink), ...prose.matchAll(htmlLink)]
      .map(([, target = '']) => brokenLink(tree, path, target))
      .find((problem) => problem !== undefined);
  });
}

function brokenLink(tree: Tree, from: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = '', anchor] = target.split('#');
  const page = file === '' ? from : posix.normalize(posix.join(dirname(from), file));
  if (!tree.has(page)) return `links to ${target}, but there is no ${page}`;
  if (anchor === undefined || !page.endsWith('.md')) return undefined;
  const headings = tree
    .text(page)
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => anchorOf(line.replace(/^#+ /, '')));
  return headings.includes(anchor) ? undefined : `links to ${target}, but ${page} has no such heading`;
}
