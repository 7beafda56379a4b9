/** Extraction by regular expressions of RE2, whose time grows with the page and not with what the expression could try. */
import { RE2JS } from 're2js';
import { type Extraction, maxMatches } from './extraction.ts';

/** Throws when the expression is not valid. */
export function regularExpression(expression: string): RE2JS {
  return RE2JS.compile(expression);
}

/** The first group, or all of the match where there is no group. */
export function byRegularExpression(text: string, { expression, all }: Extraction): readonly string[] {
  const compiled = regularExpression(expression);
  const matcher = compiled.matcher(text);
  const group = compiled.groupCount() > 0 ? 1 : 0;
  const found: string[] = [];
  while (found.length < (all === true ? maxMatches : 1) && matcher.find()) found.push(matcher.group(group) ?? '');
  return found;
}
