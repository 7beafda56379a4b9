/** The log on stdout: JSON lines for machines, coloured lines for people, secrets in neither. */
import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { PrettyOptions } from 'pino-pretty';
import { KontorError } from '#core/errors.ts';
import type { Log } from '#core/ports/log.ts';

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

const logFormats = ['json', 'pretty', 'auto'] as const;
type LogFormat = (typeof logFormats)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** `auto` is pretty on a terminal, else JSON. */
  readonly format: LogFormat;
  /** Where lines go; stdout if left out. */
  readonly destination?: DestinationStream;
}

export function openLog({ level, format, destination }: LogOptions): Log {
  const pretty = format === 'pretty' || (format === 'auto' && destination === undefined && process.stdout.isTTY === true);
  // Unbuffered: the last line before a crash is the one that matters.
  const target = pretty ? prettyStream(destination) : (destination ?? pino.destination({ fd: 1, sync: true }));
  return asLog(
    pino(
      {
        level,
        base: null,
        // Errors are written by hideSecrets, like everything else.
        serializers: { err: (error) => error },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }), log: (fields) => hideSecrets(fields) as Record<string, unknown> },
      },
      target,
    ),
  );
}

/** Loaded only when needed: it adds about 40 ms to the start. */
function prettyStream(destination: DestinationStream | undefined): DestinationStream {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as {
    prettyFactory(options: PrettyOptions): (line: string) => string;
  };
  const line = prettyFactory({
    colorize: destination === undefined && process.stdout.isTTY === true && !process.env.NO_COLOR,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
  const stdout = destination ?? pino.destination({ fd: 1, sync: true });
  return { write: (json) => stdout.write(line(json)) };
}

function asLog(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.isLevelEnabled('debug') && logger.debug(fields, hideCredentials(message)),
    info: (fields, message) => logger.info(fields, hideCredentials(message)),
    warn: (fields, message) => logger.warn(fields, hideCredentials(message)),
    error: (fields, message) => logger.error(fields, hideCredentials(message)),
    child: (fields) => asLog(logger.child(hideSecrets(fields) as Record<string, unknown>)),
  };
}

const secretName = /password|passphrase|secret|token|authorization|cookie|api-?key|credential|recovery/i;
const hidden = '[hidden]';
const maxDepth = 5;
const maxItems = 100;

/** A copy without secrets: hides values whose names look secret, and credentials in addresses such as `postgres://user:secret@host`. */
function hideSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return hideCredentials(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return '[deeper]';
  if (Array.isArray(value)) {
    const items = value.slice(0, maxItems).map((item) => hideSecrets(item, depth + 1));
    return value.length > maxItems ? [...items, `[${value.length - maxItems} more]`] : items;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretName.test(name) && field !== undefined ? hidden : hideSecrets(field, depth + 1),
    ]),
  );
}

function errorFields(error: Error, depth: number): object {
  const fields: Record<string, unknown> = { type: error.name, message: hideCredentials(error.message) };
  const { code } = error as { code?: unknown };
  if (code !== undefined) fields.code = code;
  if (error instanceof KontorError && error.details.length > 0) fields.details = error.details;
  if (error.stack !== undefined) fields.stack = hideCredentials(error.stack);
  if (error.cause !== undefined && depth < maxDepth) fields.cause = hideSecrets(error.cause, depth + 1);
  return fields;
}

/** `amqp://kontor:secret@broker` → `amqp://kontor:[hidden]@broker` */
function hideCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${hidden}@`);
}
