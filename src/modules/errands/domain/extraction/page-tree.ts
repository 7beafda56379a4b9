/** Pages as trees. HTML is read as browsers do, so that selectors and paths copied from a browser fit. */
import { type AnyNode, type Document, hasChildren, isText, type ParentNode } from 'domhandler';
import { DomHandler, Parser } from 'htmlparser2';
import { parse } from 'parse5';
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import { maxPageDepth, Unreadable } from './extraction.ts';

/** Throws `Unreadable`. */
export function parseHtml(text: string): Document {
  let depth = 0;
  const bounded = {
    ...adapter,
    onItemPush() {
      depth++;
      // The parser looks through all open elements again and again: deep pages would take it for ever.
      if (depth > maxPageDepth) throw new Unreadable('page_too_deep');
    },
    onItemPop() {
      depth--;
    },
  };
  return parse(text, { treeAdapter: bounded });
}

/** Feeds and the like. Entities of a DTD are not expanded. Throws `Unreadable`. */
export function parseXml(text: string): Document {
  const handler = new DomHandler(undefined, { xmlMode: true });
  let depth = 0;
  const opened = handler.onopentag.bind(handler);
  const closed = handler.onclosetag.bind(handler);
  handler.onopentag = (name, attributes) => {
    depth++;
    if (depth > maxPageDepth) throw new Unreadable('page_too_deep');
    opened(name, attributes);
  };
  handler.onclosetag = () => {
    depth--;
    closed();
  };
  const parser = new Parser(handler, { xmlMode: true });
  parser.end(text);
  return handler.root;
}

/** All nodes below `root` in the order of the page. Without recursion. */
function* nodesBelow(root: ParentNode): Generator<AnyNode> {
  const open: AnyNode[] = root.children.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    if (!hasChildren(node)) continue;
    for (let index = node.children.length - 1; index >= 0; index--) open.push(node.children[index] as AnyNode);
  }
}

/** The text of a node and all below it, as it is in the source. */
export function textContent(node: AnyNode): string {
  if (isText(node)) return node.data;
  if (!hasChildren(node)) return '';
  let text = '';
  for (const below of nodesBelow(node)) if (isText(below)) text += below.data;
  return text;
}
