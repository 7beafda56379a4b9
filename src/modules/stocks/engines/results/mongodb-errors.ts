/** MongoDB's errors as Kontor's, and which of them are worth another try. */
import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { type ErrorCode, KontorError } from '#core/errors.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

const noPrimary: Meaning = {
  code: 'unavailable',
  message: 'MongoDB has no primary that takes writes at the moment: an election or a restart',
};
const unreachable: Meaning = { code: 'unavailable', message: 'MongoDB cannot be reached' };
const tooSlow: Meaning = { code: 'timed_out', message: 'MongoDB took too long' };
const refused: Meaning = {
  code: 'invalid_option',
  message: 'MongoDB refuses the name or password, or the rights of the user: check RESULTS_URL',
};
const full: Meaning = { code: 'storage_full', message: 'The disk of MongoDB is full: make room; nothing that was acknowledged is lost' };

/** Temporary failures: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const passing: Readonly<Record<number, Meaning>> = {
  6: unreachable, // HostUnreachable
  7: unreachable, // HostNotFound
  50: tooSlow, // MaxTimeMSExpired
  64: { code: 'timed_out', message: 'Too few members of the replica set confirmed a write in time' }, // WriteConcernTimeout
  89: tooSlow, // NetworkTimeout
  91: noPrimary, // ShutdownInProgress
  100: { code: 'unavailable', message: 'Too few members of the replica set are up to confirm a write' }, // UnsatisfiableWriteConcern
  112: { code: 'overloaded', message: 'MongoDB reported a write conflict' }, // WriteConflict
  133: noPrimary, // FailedToSatisfyReadPreference
  134: noPrimary, // ReadConcernMajorityNotAvailableYet
  189: noPrimary, // PrimarySteppedDown
  262: tooSlow, // ExceededTimeLimit
  9001: unreachable, // SocketException
  10058: noPrimary, // LegacyNotPrimary
  10107: noPrimary, // NotWritablePrimary
  11600: noPrimary, // InterruptedAtShutdown
  11602: noPrimary, // InterruptedDueToReplStateChange
  13435: noPrimary, // NotPrimaryNoSecondaryOk
  13436: noPrimary, // NotPrimaryOrSecondary
};

const lasting: Readonly<Record<number, Meaning>> = {
  13: refused, // Unauthorized
  18: refused, // AuthenticationFailed
  8000: refused, // AtlasError
  10334: { code: 'too_large', message: 'A document is larger than MongoDB allows' }, // BSONObjectTooLarge
  11000: { code: 'conflict', message: 'MongoDB has another document with that name' }, // DuplicateKey
  14031: full, // OutOfDiskSpace
};

const duplicateKey = 11000;
/** No replica set (40573); not MongoDB, or an old one: unknown stage (40324), command (59, 115), not made yet (238); not allowed (13). */
const withoutChangeStreams = new Set<unknown>([40573, 40324, 59, 115, 238, 13, undefined]);

export function mongodbError(thrown: unknown): unknown {
  if (thrown instanceof KontorError) return thrown;
  const error = unwrapped(thrown);
  const meaning = meaningOf(error);
  if (meaning === undefined) return thrown;
  return new KontorError(meaning.code, `${meaning.message} (${(error as Error).message})`, { cause: thrown });
}

/** Another try may succeed. Whether the server did the work is unknown: this is for work that may be done twice. */
export function isWorthRepeating(thrown: unknown): boolean {
  const error = unwrapped(thrown);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (!(error instanceof MongoError)) return false;
  return codeOf(error) in passing || error.hasErrorLabel('RetryableWriteError');
}

/** Every document was written except those that exist already. Where a majority did not confirm, the driver throws another error. */
export function isOnlyDuplicates(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const failures = [error.writeErrors].flat();
  return failures.length > 0 && failures.every(({ code }) => code === duplicateKey);
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && codeOf(error) === duplicateKey;
}

/** The server cannot open change streams at all. */
export function isWithoutChangeStreams(error: unknown): boolean {
  return error instanceof MongoServerError && withoutChangeStreams.has(error.code);
}

function meaningOf(error: unknown): Meaning | undefined {
  if (isUnusableAddress(error)) {
    return { code: 'invalid_option', message: 'RESULTS_URL is not an address that the MongoDB client can use' };
  }
  if (error instanceof MongoNetworkTimeoutError) return tooSlow;
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return unreachable;
  if (error instanceof MongoClientClosedError) return { code: 'unavailable', message: 'The results are closed' };
  if (!(error instanceof MongoError)) return undefined;
  const known = passing[codeOf(error)] ?? lasting[codeOf(error)];
  if (known !== undefined) return known;
  // The driver does not export this class.
  if (error.name === 'MongoWaitQueueTimeoutError')
    return { code: 'overloaded', message: 'All connections to MongoDB were busy for too long' };
  return { code: 'internal', message: 'MongoDB failed: see its log' };
}

/** The driver's library for addresses has errors of its own. */
function isUnusableAddress(error: unknown): boolean {
  if (error instanceof MongoInvalidArgumentError || error instanceof MongoMissingCredentialsError) return true;
  return error instanceof Error && error.name === 'MongoParseError';
}

/** A bulk write that failed as a whole wraps the reason. */
function unwrapped(error: unknown): unknown {
  return error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError ? error.errorResponse : error;
}

function codeOf(error: MongoError): number {
  return typeof error.code === 'number' ? error.code : Number.NaN;
}
