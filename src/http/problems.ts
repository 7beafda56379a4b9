/** Errors as clients see them: problem+json (RFC 9457) from the one table of codes, never a stack. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError } from 'fastify';
import { type Static, Type } from 'typebox';
import { type ErrorCode, type ErrorDetail, errorCodes, KontorError, type Reason as RefusalReason } from '#core/errors.ts';
import { type FailedValidation, isFailedValidation, validationDetails, validationSentence } from './validation.ts';

export const problemMediaType = 'application/problem+json; charset=utf-8';

const Reason = Type.Object(
  { name: Type.String(), values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) },
  { description: 'Which refusal it is, by a stable name, and what it tells: to be said in any language' },
);

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Where this kind of problem is described' }),
    title: Type.String({ description: 'The kind of problem, always the same for a code' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    code: Type.Enum(Object.keys(errorCodes) as ErrorCode[], { description: 'Stable name to program against' }),
    detail: Type.String({ description: 'What went wrong this time, and the mend' }),
    requestId: Type.String({ description: 'Names this request in the logs' }),
    reason: Type.Optional(Reason),
    errors: Type.Array(Type.Object({ field: Type.String(), message: Type.String(), reason: Type.Optional(Reason) }), {
      description: 'The fields at fault, if any',
    }),
  },
  { $id: 'Problem', description: 'What went wrong, as application/problem+json (RFC 9457)' },
);
export type Problem = Static<typeof Problem>;

/** A failure, sorted: what the client is told, and whether it is our fault. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly ErrorDetail[];
  readonly reason?: RefusalReason | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export function problemOf(failure: Failure, requestId: string): Problem {
  const { status, title } = errorCodes[failure.code];
  return {
    type: `/api/docs#problem-${failure.code}`,
    title,
    status,
    code: failure.code,
    detail: failure.detail,
    requestId,
    ...(failure.reason === undefined ? {} : { reason: failure.reason }),
    errors: [...failure.errors],
  };
}

/** Sorts whatever a handler, a plugin or Fastify itself threw. `bodyLimitBytes` is the limit of the route it happened in. */
export function failureOf(error: unknown, bodyLimitBytes: number): Failure {
  if (error instanceof KontorError) return fromKontor(error);
  if (isFailedValidation(error)) return fromValidation(error);
  if (isFastifyError(error)) return fromFastify(error, bodyLimitBytes);
  return failure('internal', hidden('internal'));
}

export function failure(code: ErrorCode, detail: string, errors: readonly ErrorDetail[] = []): Failure {
  const { status, retryable } = errorCodes[code];
  return { code, detail, errors, retryAfterSeconds: status === 503 && retryable ? 1 : undefined };
}

/** For a socket that is not yet, or no longer, a Fastify request: the whole answer as it goes over the wire. */
export function rawProblem(failure: Failure, requestId: string): string {
  const problem = problemOf(failure, requestId);
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
  ];
  if (failure.retryAfterSeconds !== undefined) headers.push(`Retry-After: ${failure.retryAfterSeconds}`);
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

function fromKontor(error: KontorError): Failure {
  if (!tellable(error.code)) return failure(error.code, hidden(error.code));
  const told = failure(error.code, error.message, error.details);
  return { ...told, reason: error.reason, retryAfterSeconds: waitSeconds(error) ?? told.retryAfterSeconds };
}

/** Of a refusal that tells in `seconds` how long to wait. */
function waitSeconds({ code, reason }: KontorError): number | undefined {
  const seconds = reason?.values.seconds;
  return code === 'too_many_requests' && typeof seconds === 'number' ? seconds : undefined;
}

/** What broke inside (paths, damaged tables) is for the log; that it is busy or slow is for the client too. */
function tellable(code: ErrorCode): boolean {
  return errorCodes[code].status < 500 || code === 'timed_out' || code === 'overloaded' || code === 'unavailable';
}

function hidden(code: ErrorCode): string {
  return `${errorCodes[code].title}. The log has the cause under this request id.`;
}

function fromValidation(error: FailedValidation): Failure {
  const details = validationDetails(error);
  return failure('invalid_input', validationSentence(error, details), details);
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && typeof (error as { statusCode?: unknown }).statusCode === 'number';
}

function fromFastify(error: FastifyError, bodyLimitBytes: number): Failure {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return failure('too_large', `The body may have at most ${bodyLimitBytes} bytes: send less at a time.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return failure(
        'unsupported_media',
        'This address does not take that content type: send Content-Type: application/json, or what the documentation names.',
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return failure('invalid_input', 'The body is empty although Content-Type says JSON: send a JSON document, or leave the header out.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return failure('invalid_input', 'The body is not valid JSON.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return failure('invalid_input', 'The body is not as long as Content-Length says.');
    case 'FST_ERR_HANDLER_TIMEOUT':
      return failure('timed_out', 'The answer was not ready in time: try again later, or ask for less at once.');
    case 'FST_ERR_BAD_URL':
      return failure('invalid_input', 'The address is not a valid URL: a % must be followed by two hex digits.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return failure('invalid_input', 'A part of the address is too long.');
  }
  const statusCode = error.statusCode ?? 500;
  if (statusCode >= 500) return failure('internal', hidden('internal'));
  return failure(codeOfStatus[statusCode] ?? 'invalid_input', error.message);
}

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media',
  429: 'too_many_requests',
};
