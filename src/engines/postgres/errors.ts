/** Maps PostgreSQL's errors to Kontor's error codes. */
import { type ErrorCode, KontorError } from '#core/errors.ts';

/** The fields used of the driver's and the server's errors. */
interface DriverError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly column?: string;
  readonly detail?: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** By SQLSTATE, or by its class (the first two characters): https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, Meaning>> = {
  '08': { code: 'unavailable', message: 'The connection to PostgreSQL was lost' },
  '25006': { code: 'unavailable', message: 'This PostgreSQL server takes no writes: it is a replica, or was made one' },
  '25P03': { code: 'timed_out', message: 'The transaction was idle for too long and was rolled back' },
  '28': { code: 'invalid_option', message: 'PostgreSQL refuses the name or password: check its address' },
  '3D000': { code: 'invalid_option', message: 'PostgreSQL has no such database: create it, or check the address' },
  '40001': { code: 'overloaded', message: 'Other transactions kept changing the same rows: try again later' },
  '40P01': { code: 'overloaded', message: 'Transactions kept waiting for each other: try again later' },
  '53': { code: 'overloaded', message: 'PostgreSQL is out of resources' },
  '53100': { code: 'storage_full', message: 'The disk of PostgreSQL is full: make room; nothing that was acknowledged is lost' },
  '55P03': { code: 'timed_out', message: 'Waited too long for rows that another transaction holds' },
  '57014': { code: 'timed_out', message: 'The statement took too long and was rolled back' },
  '57P': { code: 'unavailable', message: 'PostgreSQL is shutting down, starting, or ended the connection' },
  '58': { code: 'unavailable', message: 'PostgreSQL met a system error: see its log' },
  XX: { code: 'internal', message: 'PostgreSQL met an internal error: see its log' },
  XX001: { code: 'storage_damaged', message: 'PostgreSQL found damaged data: restore it from a backup' },
  XX002: { code: 'storage_damaged', message: 'PostgreSQL found a damaged index: rebuild it' },
};

export function postgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KontorError) return error;
  const { code = '', constraint, column, message } = error as DriverError;
  if (isConstraint(code)) {
    const field = constraint ?? column ?? '';
    return new KontorError('conflict', message, { cause: error, details: [{ field, message }] });
  }
  if (isConnectionLost(error) && !isServerCode(code)) {
    return new KontorError('unavailable', `PostgreSQL cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
  const meaning = isServerCode(code) ? (meanings[code] ?? meanings[code.slice(0, 3)] ?? meanings[code.slice(0, 2)]) : undefined;
  return meaning === undefined ? error : new KontorError(meaning.code, `${meaning.message} (${message})`, { cause: error });
}

/** The transaction cannot have committed, and a retry may succeed. */
export function isWorthRepeating(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01' || isReadOnly(error) || isConnectionLost(error) || isPlanStale(error);
}

/** The server takes no writes: it is a replica. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/** The tables changed after the statement was prepared, so that its rows would have other columns. */
export function isPlanStale(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && /cached plan must not change result type/.test(error.message);
}

/** The session ended: whether its last statement took effect is unknown. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (isServerCode(code)) return code.startsWith('08') || code.startsWith('57P');
  return (
    networkCodes.has(code) ||
    /^Connection terminated|connection error and is not queryable|^Client was closed|^timeout expired|^Query read timeout/.test(
      error.message,
    )
  );
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNABORTED',
]);

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as DriverError).code : undefined;
  return typeof code === 'string' ? code : '';
}

function isServerCode(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !networkCodes.has(code);
}

function isConstraint(code: string): boolean {
  return isServerCode(code) && code.startsWith('23');
}

/** When several addresses of one name failed, the reasons are in an AggregateError. */
function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join('; ') : error.message;
}
