/** Tidy rules for code: names, purpose comments, length, and tests. */
import { eachLine, type TidyRule } from './rule.ts';
import type { Tree } from './tree.ts';

const maxLines = 400;
/** Files that may be longer than `maxLines`, each with the reason. */
const longerFiles: Readonly<Record<string, string>> = {};

const code = /\.(ts|tsx|js|css)$/;
const codeRooms = /^(src|web|test|bench|tools|bin)\//;
const tests = /\.test\.tsx?$/;

const codePaths = (tree: Tree) => tree.paths.filter((path) => code.test(path) && codeRooms.test(path));
/** All tests except the one that plants violations of these rules. */
const testPaths = (tree: Tree) => tree.paths.filter((path) => tests.test(path) && path !== 'test/tidy.test.ts');

export const codeRules: readonly TidyRule[] = [
  {
    id: 'purpose',
    says: 'every code file opens with a comment that says its purpose in a sentence',
    check: (tree) =>
      codePaths(tree)
        .filter((path) => !/^(#!.*\n)?\s*(\/\*\*?\s*\S|\/\/\s*\S)/.test(tree.text(path)))
        .map((path) => ({ path, says: 'opens without a purpose comment: begin with /** What this file is for. */' })),
  },
  {
    id: 'short-files',
    says: `no code file is longer than ${maxLines} lines, unless it is listed with a reason`,
    check: (tree) =>
      codePaths(tree)
        .filter((path) => longerFiles[path] === undefined)
        .map((path) => ({ path, lines: tree.text(path).trimEnd().split('\n').length }))
        .filter(({ lines }) => lines > maxLines)
        .map(({ path, lines }) => ({ path, says: `has ${lines} lines: split it, or list it in tools/tidy/code-rules.ts with the reason` })),
  },
  {
    id: 'kebab-case',
    says: 'files and folders are named in kebab-case; only the project’s pages are in capitals',
    check: (tree) =>
      tree.paths
        .filter(
          (path) =>
            !/^(\.?[a-z0-9]+(-[a-z0-9]+)*\/)*(\.?[a-z0-9]+([.-][a-z0-9]+)*|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|Dockerfile)$/.test(
              path,
            ),
        )
        .map((path) => ({ path, says: 'is not named in kebab-case, such as trade-view.ts' })),
  },
  {
    id: 'telling-names',
    says: 'no barrels (index.ts), and nothing named utils, helpers, common or misc',
    check: (tree) =>
      tree.paths
        .filter((path) => /(^|\/)(index\.(ts|tsx|js)|([a-z-]+-)?(utils?|helpers?|common|misc)(\/|[.-]))/.test(path))
        .map((path) => ({ path, says: 'has a name that says nothing about its contents: name it after what it does' })),
  },
  {
    id: 'no-spread-literals',
    says: 'no object literal is spread into an object: that switches off the check for excess properties',
    check: (tree) =>
      eachLine(
        tree,
        codePaths(tree).filter((path) => /\.tsx?$/.test(path) && path !== 'test/tidy.test.ts'),
        (line) => (/\.\.\.\{/.test(line) ? 'spreads an object literal: write its properties in place' : undefined),
      ),
  },
  {
    id: 'tests-run',
    says: 'no test is focused, and none is skipped without a reason',
    check: (tree) =>
      eachLine(tree, testPaths(tree), (line) => {
        if (/\b(test|it|describe|suite)\.only\(|\bonly: true\b/.test(line)) return 'a focused test hides all others: remove .only';
        if (/\b(test|it|describe|suite)\.(skip|todo)\(|\b(skip|todo): true\b|\.(skip|todo)\(\)/.test(line)) {
          return "a skipped test says why: { skip: 'the reason' }";
        }
        return undefined;
      }),
  },
  {
    id: 'tests-do-not-sleep',
    says: 'tests wait for the event, not for time to pass',
    check: (tree) =>
      eachLine(tree, testPaths(tree), (line) =>
        /from 'node:timers\/promises'|new Promise(<\w+>)?\(\((resolve|done)\) => setTimeout\((resolve|done)\b/.test(line)
          ? 'a test that sleeps is slow and flaky: wait for the event (until, once, a promise of the thing itself)'
          : undefined,
      ),
  },
];
