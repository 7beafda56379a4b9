/** Takes the wanted value out of a page. */
import { textOf } from './charset.ts';
import { contentKind } from './content-kinds.ts';
import { byCss } from './css.ts';
import { type Extracted, type Extraction, maxPageBytes, maxValueChars, type Page, Unreadable } from './extraction.ts';
import { byJsonPath } from './json-path.ts';
import { numberIn } from './numbers.ts';
import { parseHtml, parseXml } from './page-tree.ts';
import { byRegularExpression } from './regular-expression.ts';
import { byXpath } from './xpath.ts';

/**
 * A hostile page or expression may take long: servers and miners call it through the Reader, which has a time limit.
 * What was found is trimmed, and its white space is single spaces.
 */
export function extract(page: Page, extraction: Extraction): Extracted {
  try {
    if (page.body.length > maxPageBytes) throw new Unreadable('page_too_large');
    return extracted(found(page, extraction), extraction);
  } catch (error) {
    // The libraries throw errors of any kind for what an expression does on a page, such as calling a function with a wrong type.
    return { value: null, problem: error instanceof Unreadable ? error.problem : 'expression_failed' };
  }
}

function found(page: Page, extraction: Extraction): readonly string[] {
  const text = textOf(page);
  switch (extraction.kind) {
    case 'jsonpath':
      return byJsonPath(text, extraction);
    case 'regex':
      return byRegularExpression(text, extraction);
    default: {
      const isXml = contentKind(page.contentType, text.slice(0, 200)) === 'xml';
      const tree = isXml ? parseXml(text) : parseHtml(text);
      return extraction.kind === 'css' ? byCss(tree, extraction, isXml) : byXpath(tree, extraction, isXml);
    }
  }
}

function extracted(values: readonly string[], { decimal }: Extraction): Extracted {
  if (values.length === 0) return { value: null };
  const value = values
    .map((text) => text.slice(0, maxValueChars).replaceAll(/\s+/g, ' ').trim())
    .join('\n')
    .slice(0, maxValueChars)
    .toWellFormed();
  const number = values.length === 1 ? numberIn(value, decimal) : undefined;
  return number === undefined ? { value } : { value, number };
}
