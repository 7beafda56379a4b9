/** Extraction by XPath 1.0, the version that browsers have. */
import { createRequire } from 'node:module';
import { Document } from 'domhandler';
import { type Extraction, maxMatches } from './extraction.ts';
import { type XPathNode, xpathTree } from './xpath-tree.ts';

interface Evaluated {
  stringValue(): string;
  toArray?(): readonly XPathNode[];
}

interface Options {
  readonly node: XPathNode;
  /** Names in any case. */
  readonly isHtml: boolean;
  readonly namespaces: (prefix: string) => string;
}

interface Expression {
  evaluate(options: Options): Evaluated;
}

/** The library's own types would bring those of the browser into the whole server. */
const { parse } = createRequire(import.meta.url)('xpath') as { parse(expression: string): Expression };

const emptyPage = xpathTree(new Document([]));

/** Throws when the expression is not valid. */
export function xpathExpression(expression: string): void {
  // Unknown functions and prefixes are noticed only when it is evaluated.
  evaluated(expression, emptyPage, true);
}

export function byXpath(tree: Document, { expression, all }: Extraction, isXml: boolean): readonly string[] {
  const result = evaluated(expression, xpathTree(tree), !isXml);
  if (result.toArray === undefined) return [result.stringValue()];
  return result
    .toArray()
    .slice(0, all === true ? maxMatches : 1)
    .map(stringOf);
}

function evaluated(expression: string, node: XPathNode, isHtml: boolean): Evaluated {
  return parse(expression).evaluate({ node, isHtml, namespaces: (prefix) => prefix });
}

/** The text of a node and all below it. Without recursion. */
function stringOf(node: XPathNode): string {
  if (node.nodeValue !== null) return node.nodeValue;
  let text = '';
  const open = node.childNodes.toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.nodeName === '#text') text += next.nodeValue ?? '';
    open.push(...next.childNodes.toReversed());
  }
  return text;
}
