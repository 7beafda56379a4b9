/** Turns errors into problem+json (RFC 9457) by the table of error codes, without stacks or internal details. */
import type { FastifyError } from 'fastify';
import { type Static, Type } from 'typebox';
import { type ErrorCode, type ErrorDetail, errorCodes, KontorError, type Reason as RefusalReason } from '#core/errors.ts';
import { STATUS_CODES } from './node-http.ts';
import { type FailedValidation, isFailedValidation, validationDetails, validationSentence } from './validation.ts';

export const problemMediaType = 'application/problem+json; charset=utf-8';

const Reason = Type.Object(
  { name: Type.String(), values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) },
  { description: 'The refusal, by a stable name and its values: a client can word it in any language' },
);

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'The documentation of this kind of problem' }),
    title: Type.String({ description: 'The kind of problem: one title for each code' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    code: Type.Enum(Object.keys(errorCodes) as ErrorCode[], { description: 'A stable name for programs' }),
    detail: Type.String({ description: 'What went wrong in this request, and what to do' }),
    requestId: Type.String({ description: 'The id of this request in the logs' }),
    reason: Type.Optional(Reason),
    errors: Type.Array(Type.Object({ field: Type.String(), message: Type.String(), reason: Type.Optional(Reason) }), {
      description: 'The invalid fields, if any',
    }),
  },
  { $id: 'Problem', description: 'What went wrong, as application/problem+json (RFC 9457)' },
);
export type Problem = Static<typeof Problem>;

/** What the client learns about an error. */
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

/** Classifies an error of a handler, a plugin or Fastify. `bodyLimitBytes` is the limit of the route. */
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

/** The whole HTTP answer as text, for connections that Fastify does not handle. */
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
  if (!isPublic(error.code)) return failure(error.code, hidden(error.code));
  const shown = failure(error.code, error.message, error.details);
  return { ...shown, reason: error.reason, retryAfterSeconds: waitSeconds(error) ?? shown.retryAfterSeconds };
}

/** The `seconds` of a refusal that has them. */
function waitSeconds({ code, reason }: KontorError): number | undefined {
  const seconds = reason?.values.seconds;
  return code === 'too_many_requests' && typeof seconds === 'number' ? seconds : undefined;
}

/** Internal errors may contain paths and table names, so only the log has their messages. */
function isPublic(code: ErrorCode): boolean {
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
      return failure('too_large', `The body may have at most ${bodyLimitBytes} bytes: send less in one request.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return failure(
        'unsupported_media',
        'This route does not take that content type: send Content-Type: application/json, or a type that the documentation names.',
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return failure('invalid_input', 'The body is empty, but Content-Type says JSON: send a JSON document, or leave the header out.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return failure('invalid_input', 'The body is not valid JSON.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return failure('invalid_input', 'The length of the body differs from Content-Length.');
    case 'FST_ERR_HANDLER_TIMEOUT':
      return failure('timed_out', 'The request took too long: try again later, or ask for less in one request.');
    case 'FST_ERR_BAD_URL':
      return failure('invalid_input', 'The path is not valid: a % must be followed by two hex digits.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return failure('invalid_input', 'A part of the path is too long.');
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
