/**
 * What is refused, and in which words: each module has one table, name → code, English and German. The server answers with the name,
 * its values and the English words; pages say the same entry in their reader's language.
 */
import type { ErrorCode, Reason } from './errors.ts';

/** Numbers and times as a language writes them. */
export interface Formats {
  whole(value: number): string;
  date(at: number): string;
}

export interface Refusal<Values extends Reason['values']> {
  readonly code: ErrorCode;
  readonly en: (values: Values, formats: Formats) => string;
  readonly de: (values: Values, formats: Formats) => string;
  /** What a program should do next, after the English words; pages leave it out. */
  readonly advice?: (values: Values) => string;
}

// biome-ignore lint/suspicious/noExplicitAny: each entry has values of its own
export type RefusalTable = Readonly<Record<string, Refusal<any>>>;

/** The values of an entry. */
export type ValuesOf<Entry> = Entry extends Refusal<infer Values> ? Values : never;

/** An entry of a table, typed by its values: `'few-left': says<{ left: number }>({ … })`. */
export function says<Values extends Reason['values'] = Record<never, never>>(refusal: Refusal<Values>): Refusal<Values> {
  return refusal;
}

/** The values of each entry, by its name. */
export type ReasonsOf<Table extends RefusalTable> = { readonly [Name in keyof Table]: ValuesOf<Table[Name]> };
