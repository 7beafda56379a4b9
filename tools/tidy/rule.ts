/** What a tidy rule is: a house rule that a machine can check, and that the linter has no word for. */
import type { Tree } from './tree.ts';

export interface TidyRule {
  readonly id: string;
  readonly says: string;
  check(tree: Tree): readonly Untidy[];
}

export interface Untidy {
  readonly path: string;
  /** From 1; left out when the file as a whole is meant. */
  readonly line?: number;
  /** What is wrong, and the mend. */
  readonly says: string;
}

/** Every line of the chosen files that `find` has something to say about. */
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
