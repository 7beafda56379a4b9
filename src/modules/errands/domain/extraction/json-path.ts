/** Extraction by JSONPath, as RFC 9535 has it. */
import { JSONPathEnvironment } from 'json-p3';
import { type Extraction, maxMatches, maxPageDepth, Unreadable } from './extraction.ts';

const environment = new JSONPathEnvironment({ maxRecursionDepth: maxPageDepth });

/** Throws when the expression is not valid. */
export function jsonPath(expression: string): void {
  environment.compile(expression);
}

/** Throws `Unreadable`. */
export function byJsonPath(text: string, { expression, all }: Extraction): readonly string[] {
  const found = environment.query(expression, parsed(text)).values();
  return found.slice(0, all === true ? maxMatches : 1).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('not_json');
  }
}
