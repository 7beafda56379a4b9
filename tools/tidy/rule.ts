/** A tidy rule: a house rule that a machine can check, but the linter cannot. */
import type { Tree } from './tree.ts';

export interface TidyRule {
  readonly id: string;
  readonly says: string;
  check(tree: Tree): readonly Untidy[];
}

export interface Untidy {
  readonly path: string;
  /** From 1; omitted for the whole file. */
  readonly line?: number;
  /** What is wrong, and how to fix it. */
  readonly says: string;
}

/** The lines of the chosen files for which `find` returns a violation. */
export function eachLine(
  tree: Tree,
  paths: readonly string[],
  find: (line: string, path: string) => string | undefined,
): readonly Untidy[] {
  return paths.flatMap((path) =>
    tree
      .text(path)
      .split('\n')
      .flatMap((line, index) => {
        const says = find(line, path);
        return says === undefined ? [] : [{ path, line: index + 1, says }];
      }),
  );
}
