/** What axe finds wrong on a page for people who use assistive technology, one line each. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Evaluated from outside, so that the page's own content policy stays as strict as it is.
  const violations = await page.evaluate<readonly Violation[]>(
    `(async () => { ${axe}; return (await axe.run(document, { resultTypes: ['violations'] })).violations; })()`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} (${node.failureSummary ?? ''})`),
  );
}
