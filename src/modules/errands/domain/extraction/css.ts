/** Extraction by CSS selectors. */
import { compile, selectAll } from 'css-select';
import type { AnyNode, Document, Element } from 'domhandler';
import { type Extraction, maxMatches } from './extraction.ts';
import { textContent } from './page-tree.ts';

/** Throws when the selector is not valid. */
export function cssSelector(expression: string): void {
  compile(expression);
}

export function byCss(tree: Document, { expression, attribute, all }: Extraction, isXml: boolean): readonly string[] {
  const found = selectAll<AnyNode, Element>(expression, tree, { xmlMode: isXml });
  const wanted = attribute === undefined ? found : found.filter(({ attribs }) => attribs[attribute] !== undefined);
  return wanted
    .slice(0, all === true ? maxMatches : 1)
    .map((element) => (attribute === undefined ? textContent(element) : (element.attribs[attribute] ?? '')));
}
