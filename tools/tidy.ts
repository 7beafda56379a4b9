#!/usr/bin/env node
/** `node tools/tidy.ts [FOLDER]`: checks the house rules that the linter cannot check, and exits 1 when one is broken. */
import { codeRules } from './tidy/code-rules.ts';
import { houseRules } from './tidy/house-rules.ts';
import { readTree } from './tidy/tree.ts';
import { wallRule } from './tidy/walls.ts';

const root = process.argv[2] ?? new URL('..', import.meta.url).pathname;
const tree = readTree(root);
const rules = [...codeRules, ...houseRules, wallRule];

let broken = 0;
for (const rule of rules) {
  for (const { path, line, says } of rule.check(tree)) {
    broken += 1;
    console.error(`${path}${line === undefined ? '' : `:${line}`} ${says} [${rule.id}]`);
  }
}
console.log(broken === 0 ? `${tree.paths.length} files keep ${rules.length} tidy rules.` : `${broken} places are untidy.`);
process.exitCode = broken === 0 ? 0 : 1;
