/** Logs for tests: a silent one, and one that records entries. */
import type { Log } from '#core/ports/log.ts';

export function silentLog(): Log {
  const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  return log;
}

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

interface LogEntry {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface RecordingLog extends Log {
  /** The entries of this log and its children, oldest first. */
  readonly entries: readonly LogEntry[];
}

/** A test that logs more than this is looping. */
const maxEntries = 100_000;

export function recordingLog(): RecordingLog {
  const entries: LogEntry[] = [];

  function at(inherited: object): RecordingLog {
    const record = (level: LogLevel) => (fields: object, message: string) => {
      if (entries.length >= maxEntries) throw new Error(`a test logged more than ${maxEntries} entries: ${message}`);
      entries.push({ level, fields: { ...inherited, ...fields }, message });
    };
    return {
      entries,
      debug: record('debug'),
      info: record('info'),
      warn: record('warn'),
      error: record('error'),
      child: (fields) => at({ ...inherited, ...fields }),
    };
  }

  return at({});
}
