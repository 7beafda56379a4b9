/** What is taken out of a page: the types, and the limits. */

export const extractionKinds = ['css', 'xpath', 'jsonpath', 'regex'] as const;
export type ExtractionKind = (typeof extractionKinds)[number];

export interface Extraction {
  readonly kind: ExtractionKind;
  readonly expression: string;
  /** For CSS: the value of this attribute instead of the text. */
  readonly attribute?: string;
  /** All matches, a line each, instead of the first. */
  readonly all?: boolean;
  /** What separates decimals in numbers such as `1.234`, where the text does not tell. */
  readonly decimal?: '.' | ',';
}

export interface Page {
  readonly body: Uint8Array;
  /** The header as it came, such as `text/html; charset=utf-8`. */
  readonly contentType: string | undefined;
}

export interface Extracted {
  /** Null when nothing was found. */
  readonly value: string | null;
  /** The value, where it is a number. */
  readonly number?: number;
  /** Why nothing could be looked for. */
  readonly problem?: ExtractionProblem;
}

export type ExtractionProblem = 'page_too_large' | 'page_too_deep' | 'not_json' | 'expression_failed' | 'took_too_long';

export const maxExpressionChars = 1_000;
/** Larger pages are delivered, but not looked into. */
export const maxPageBytes = 2 * 1024 * 1024;
/** Of elements within each other; browsers stop at 512, too. */
export const maxPageDepth = 512;
/** Longer values are cut. */
export const maxValueChars = 16 * 1024;
export const maxMatches = 1_000;

/** The page is not looked into. Thrown within extraction only. */
export class Unreadable extends Error {
  readonly problem: ExtractionProblem;

  constructor(problem: ExtractionProblem) {
    super(problem);
    this.problem = problem;
  }
}
