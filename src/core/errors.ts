/** Operating failures: stable codes, each with its HTTP status, exit code, and whether a retry helps. */

export const errorCodes = {
  invalid_input: { status: 400, exit: 2, retryable: false, title: 'The request is not valid' },
  invalid_option: { status: 500, exit: 2, retryable: false, title: 'An option is not valid' },
  unauthenticated: { status: 401, exit: 1, retryable: false, title: 'Nobody is logged in' },
  forbidden: { status: 403, exit: 1, retryable: false, title: 'Not allowed' },
  not_found: { status: 404, exit: 1, retryable: false, title: 'There is no such thing' },
  method_not_allowed: { status: 405, exit: 1, retryable: false, title: 'This cannot be done to it' },
  conflict: { status: 409, exit: 1, retryable: false, title: 'The request conflicts with what is stored' },
  too_large: { status: 413, exit: 2, retryable: false, title: 'The request is too large' },
  unsupported_media: { status: 415, exit: 2, retryable: false, title: 'The content type is not supported' },
  too_many_requests: { status: 429, exit: 1, retryable: true, title: 'Too many requests' },
  timed_out: { status: 503, exit: 1, retryable: true, title: 'It took too long' },
  overloaded: { status: 503, exit: 1, retryable: true, title: 'The house is too busy right now' },
  unavailable: { status: 503, exit: 1, retryable: true, title: 'A part of the house is not available' },
  storage_full: { status: 507, exit: 1, retryable: true, title: 'The disk is full' },
  storage_read_only: { status: 503, exit: 1, retryable: false, title: 'The data folder cannot be written' },
  storage_busy: { status: 503, exit: 1, retryable: true, title: 'The data folder is in use by another process' },
  storage_damaged: { status: 500, exit: 1, retryable: false, title: 'The stored data is damaged' },
  address_in_use: { status: 500, exit: 1, retryable: false, title: 'The port is taken' },
  role_failed: { status: 500, exit: 1, retryable: false, title: 'A role failed' },
  internal: { status: 500, exit: 1, retryable: false, title: 'Something broke on our side' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A named refusal and its values. Pages render it in the reader's language. */
export interface Reason {
  readonly name: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** One of the reasons of a table. */
export type ReasonIn<Table extends Reasons> = {
  [Name in keyof Table & string]: { readonly name: Name; readonly values: Table[Name] };
}[keyof Table & string];

/** The values of each reason, by its name. */
type Reasons = Readonly<Record<string, Reason['values']>>;

export interface ErrorDetail {
  /** The field, line or option at fault, such as `tradesPerSecond` or `line 3`. */
  readonly field: string;
  /** What is wrong with it and what is valid. */
  readonly message: string;
  readonly reason?: Reason;
}

export class KontorError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];
  readonly reason: Reason | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: readonly ErrorDetail[]; reason?: Reason | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KontorError';
    this.code = code;
    this.details = options.details ?? [];
    this.reason = options.reason;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** A broken invariant. The role must crash rather than continue with wrong books. */
export class BrokenInvariant extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenInvariant';
  }
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}

/** Ends a `switch` over a union: a missing case does not compile. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`unreachable case: ${JSON.stringify(value)}`);
}
