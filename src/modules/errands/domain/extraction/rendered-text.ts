/** The text of a page as people see it: for showing it, and for noticing that it changed. */
import { type AnyNode, type Document, isTag, isText } from 'domhandler';
import { textOf } from './charset.ts';
import { contentKind } from './content-kinds.ts';
import { maxPageBytes, type Page, Unreadable } from './extraction.ts';
import { parseHtml } from './page-tree.ts';

const maxRenderedChars = 256 * 1024;

const unseen = new Set(['head', 'script', 'style', 'noscript', 'template', 'iframe', 'object', 'svg', 'select', 'datalist']);
const blocks = new Set(
  (
    'address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul'
  ).split(' '),
);

/** Null for pages that are no text, such as pictures, and for those that are too large or too deep. */
export function renderedText(page: Page): string | null {
  if (page.body.length > maxPageBytes) return null;
  const text = textOf(page);
  const kind = contentKind(page.contentType, text.slice(0, 200));
  if (kind === 'other') return null;
  if (kind !== 'html') return text.slice(0, maxRenderedChars);
  try {
    return renderedTree(parseHtml(text));
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** `end` marks where a block was closed. */
type Open = { readonly node: AnyNode; readonly kept: boolean } | 'end';

/** Without recursion. */
function renderedTree(document: Document): string {
  const lines = new Lines();
  const open: Open[] = document.children.toReversed().map((node) => ({ node, kept: false }));
  for (let next = open.pop(); next !== undefined && lines.chars < maxRenderedChars; next = open.pop()) {
    if (next === 'end') {
      lines.end();
      continue;
    }
    const { node, kept } = next;
    if (isText(node)) lines.add(node.data, kept);
    if (!isTag(node) || unseen.has(node.name) || 'hidden' in node.attribs) continue;
    if (node.name === 'br') lines.end();
    else if (node.name === 'td' || node.name === 'th') lines.add(' ', false);
    else if (node.name === 'img') lines.add(` ${node.attribs.alt ?? ''} `, false);
    if (blocks.has(node.name)) {
      lines.end();
      open.push('end');
    }
    const keeps = kept || node.name === 'pre' || node.name === 'textarea';
    for (const child of node.children.toReversed()) open.push({ node: child, kept: keeps });
  }
  return lines.text();
}

class Lines {
  chars = 0;
  readonly #done: string[] = [];
  #line = '';

  /** `kept`: with its own spaces and line ends. */
  add(text: string, kept: boolean): void {
    this.chars += text.length;
    this.#line += kept ? text : text.replaceAll(/[ \t\r\n\f]+/g, ' ');
  }

  end(): void {
    if (this.#line.trim() !== '')
      this.#done.push(this.#line.includes('\n') ? this.#line.trimEnd() : this.#line.replaceAll(/ +/g, ' ').trim());
    this.#line = '';
  }

  text(): string {
    this.end();
    return this.#done.join('\n').slice(0, maxRenderedChars);
  }
}
