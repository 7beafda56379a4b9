/** The kinds of option values: each describes what it allows and parses it from text. */
import { readableNumber } from '../readable-number.ts';

export interface Kind<Value> {
  /** Ends the sentence "it must be …". */
  readonly allows: string;
  /** The value, or undefined when the text is not allowed. */
  parse(text: string): Value | undefined;
  /** The allowed texts, where they are few. */
  readonly choices?: readonly string[];
  /** The text with secrets masked; omitted by kinds without secrets. */
  hide?(text: string): string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export function wholeNumber({ min, max }: Range): Kind<number> {
  return {
    allows: `a whole number from ${readableNumber(min)} to ${readableNumber(max)}`,
    parse: (text) => within(/^-?\d{1,15}$/, text, { min, max }),
  };
}

export function decimalNumber({ min, max }: Range): Kind<number> {
  return {
    allows: `a number from ${readableNumber(min)} to ${readableNumber(max)}`,
    parse: (text) => within(/^-?\d{1,15}(\.\d{1,9})?$/, text, { min, max }),
  };
}

export function oneOf<Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    allows: `one of ${choices.join(', ')}`,
    choices,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** Any text on one line, up to `maxLength` characters. */
export function shortText(maxLength: number): Kind<string> {
  return {
    allows: `text of 1 to ${maxLength} characters on one line`,
    parse: (text) => (text.length <= maxLength && !hasControlCharacter(text) ? text : undefined),
  };
}

export function matching(pattern: RegExp, allows: string): Kind<string> {
  return { allows, parse: (text) => (pattern.test(text) ? text : undefined) };
}

/** The same form as `plainEmail` in core/account.ts. */
export const emailAddress = matching(
  /^[^\sA-Z@<>"(),:;[\]\\]{1,64}@[^\sA-Z@<>"(),:;[\]\\]{1,189}$/,
  'a lower-case address such as admin@kontor.example',
);

/** Separated by commas, no value twice. */
export function listOf(item: Kind<string>, maxItems: number): Kind<readonly string[]> {
  return {
    allows: `up to ${readableNumber(maxItems)} different values separated by commas, each ${item.allows}`,
    parse(text) {
      const items = text.split(',').map((part) => item.parse(part.trim()));
      const good = items.filter((value) => value !== undefined);
      const different = new Set(good).size === items.length;
      return good.length === items.length && different && items.length <= maxItems ? good : undefined;
    },
  };
}

/** The address of an engine: a bare word such as `memory`, or `scheme:…`. A password in it is never shown. */
export function engineAddress(...forms: readonly string[]): Kind<string> {
  const words = new Set(forms.filter((form) => !form.includes(':')));
  const schemes = new Set(forms.filter((form) => form.includes(':')).map(schemeOf));
  return {
    allows: `${forms.length > 1 ? 'one of ' : ''}${forms.join(', ')}`,
    parse: (text) => (words.has(text) || (schemes.has(schemeOf(text)) && text.length > schemeOf(text).length + 1) ? text : undefined),
    hide: hidePassword,
  };
}

/** The text before the first colon; the whole text when there is none. */
export function schemeOf(address: string): string {
  const colon = address.indexOf(':');
  return (colon === -1 ? address : address.slice(0, colon)).toLowerCase();
}

/** Greedy up to the last `@` of the authority, so that a password with an unescaped `@` or `/` is masked whole. */
function hidePassword(address: string): string {
  return address.replace(/(:\/\/[^:@/?]*):.*@/, '$1:***@').replace(/([?&][^=&]*(?:password|secret|token|key)[^=&]*=)[^&]*/gi, '$1***');
}

function within(form: RegExp, text: string, { min, max }: Range): number | undefined {
  if (!form.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
