/** Whether an extraction can be ordered: checked before anybody pays for it. */
import { type Extraction, type ExtractionKind, maxExpressionChars } from './extraction.ts';

export type CheckedExtraction = { readonly kind: 'valid' } | { readonly kind: 'refused'; readonly says: string };

/** The libraries are large, and loaded only when somebody orders with one. */
const checks: Readonly<Record<ExtractionKind, () => Promise<(expression: string) => unknown>>> = {
  css: async () => (await import('./css.ts')).cssSelector,
  xpath: async () => (await import('./xpath.ts')).xpathExpression,
  jsonpath: async () => (await import('./json-path.ts')).jsonPath,
  regex: async () => (await import('./regular-expression.ts')).regularExpression,
};
const names = { css: 'CSS selector', xpath: 'XPath', jsonpath: 'JSONPath', regex: 'regular expression' } as const;

export async function checkExtraction({ kind, expression, attribute }: Extraction): Promise<CheckedExtraction> {
  if (expression.trim() === '') return { kind: 'refused', says: `the ${names[kind]} is empty` };
  if (expression.length > maxExpressionChars)
    return { kind: 'refused', says: `the ${names[kind]} is longer than ${maxExpressionChars} characters` };
  if (attribute !== undefined && (kind !== 'css' || !/^[a-z_:][a-z0-9_.:-]{0,99}$/i.test(attribute)))
    return { kind: 'refused', says: 'an attribute is a name such as href, and goes with a CSS selector' };
  const check = await checks[kind]();
  try {
    check(expression);
    return { kind: 'valid' };
  } catch (error) {
    return { kind: 'refused', says: `the ${names[kind]} is not valid: ${(error as Error).message.split('\n')[0]?.slice(0, 200) ?? ''}` };
  }
}
