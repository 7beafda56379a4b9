/** Where a command writes, and how a failure is told: one clear sentence, not a stack trace. */
import { type Colour, colourFor, plain } from '#core/command/colour.ts';
import { errorCodes, KontorError } from '#core/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  print(line: string): void;
  note(line: string): void;
  /** Of what is printed and of notes; plain if left out. */
  readonly colours?: { readonly print: Colour; readonly note: Colour };
}

export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  colours: { print: colourFor(process.stdout, process.env), note: colourFor(process.stderr, process.env) },
};

/** Tells what went wrong, and returns the exit code. */
export function fail(error: unknown, debug: boolean, terminal: Terminal): number {
  const colour = terminal.colours?.note ?? plain;
  for (const line of explain(error, debug, colour('red', 'kontor:'))) terminal.note(line);
  return error instanceof KontorError ? errorCodes[error.code].exit : 1;
}

function explain(error: unknown, debug: boolean, who: string): string[] {
  const stack = debug && error instanceof Error ? [error.stack ?? ''] : [];
  if (error instanceof KontorError) return [...error.message.split('\n').map((line) => `${who} ${line}`), ...stack];
  const message = error instanceof Error ? error.message : String(error);
  return [`${who} something broke on our side: ${message}${debug ? '' : ' (LOG_LEVEL=debug shows where)'}`, ...stack];
}
