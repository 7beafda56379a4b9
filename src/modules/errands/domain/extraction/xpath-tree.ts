/** A page in the form that the XPath library walks: the nodes of the W3C, as far as it asks for them. */
import { type AnyNode, type Document, hasChildren, isComment, isTag, isText } from 'domhandler';

const types = { element: 1, attribute: 2, text: 3, comment: 8, document: 9 } as const;

export class XPathNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName: string;
  readonly prefix: string | null;
  /** Prefixes stand for themselves: nobody has to name what they stand for. */
  readonly namespaceURI: string | null;
  /** Of texts, comments and attributes. */
  readonly nodeValue: string | null;
  readonly parentNode: XPathNode | null;
  readonly ownerElement: XPathNode | null;
  readonly ownerDocument: XPathNode | null;
  readonly childNodes: XPathNode[] = [];
  readonly attributes = new XPathAttributes();
  nextSibling: XPathNode | null = null;
  previousSibling: XPathNode | null = null;
  /** Where it is in the page. */
  readonly #place: number;

  constructor(nodeType: number, name: string, value: string | null, parent: XPathNode | null, root: XPathNode | null, place: number) {
    this.nodeType = nodeType;
    this.nodeName = name;
    const colon = name.indexOf(':');
    this.localName = name.slice(colon + 1);
    this.prefix = colon < 0 ? null : name.slice(0, colon);
    this.namespaceURI = this.prefix;
    this.nodeValue = value;
    this.parentNode = nodeType === types.attribute ? null : parent;
    this.ownerElement = nodeType === types.attribute ? parent : null;
    this.ownerDocument = root;
    this.#place = place;
  }

  get data(): string | null {
    return this.nodeValue;
  }

  get value(): string | null {
    return this.nodeValue;
  }

  get name(): string {
    return this.nodeName;
  }

  get firstChild(): XPathNode | null {
    return this.childNodes[0] ?? null;
  }

  get lastChild(): XPathNode | null {
    return this.childNodes.at(-1) ?? null;
  }

  get documentElement(): XPathNode | null {
    return this.childNodes.find(({ nodeType }) => nodeType === types.element) ?? null;
  }

  getAttribute(name: string): string | null {
    return this.attributes.find((attribute) => attribute.nodeName === name)?.nodeValue ?? null;
  }

  getAttributeNS(_namespace: string | null, name: string): string | null {
    return this.getAttribute(name);
  }

  /** 2: `other` precedes this node, 4: it follows. */
  compareDocumentPosition(other: XPathNode): number {
    return other.#place < this.#place ? 2 : 4;
  }
}

class XPathAttributes extends Array<XPathNode> {
  item(index: number): XPathNode | null {
    return this[index] ?? null;
  }
}

/** Without recursion. */
export function xpathTree(document: Document): XPathNode {
  let place = 0;
  const root = new XPathNode(types.document, '#document', null, null, null, place);
  const open: (readonly [AnyNode, XPathNode])[] = document.children.toReversed().map((child) => [child, root] as const);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [source, parent] = next;
    const node = nodeOf(source, parent, root, ++place);
    if (node === undefined) continue;
    const before = parent.childNodes.at(-1);
    if (before !== undefined) before.nextSibling = node;
    node.previousSibling = before ?? null;
    parent.childNodes.push(node);
    if (isTag(source))
      for (const [name, value] of Object.entries(source.attribs))
        node.attributes.push(new XPathNode(types.attribute, name, value, node, root, ++place));
    if (hasChildren(source)) for (const child of source.children.toReversed()) open.push([child, node]);
  }
  return root;
}

function nodeOf(source: AnyNode, parent: XPathNode, root: XPathNode, place: number): XPathNode | undefined {
  if (isTag(source)) return new XPathNode(types.element, source.name, null, parent, root, place);
  if (isText(source)) return new XPathNode(types.text, '#text', source.data, parent, root, place);
  return isComment(source) ? new XPathNode(types.comment, '#comment', source.data, parent, root, place) : undefined;
}
