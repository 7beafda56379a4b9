/** What a command of `kontor` is. */
import type { ReadConfig } from '#config/read.ts';

export interface Command {
  /** One or two words, as they are typed: `up`, `stocks rate`. */
  readonly name: string;
  /** What may follow, such as `ROLE...`; empty for nothing. */
  readonly usage: string;
  /** One sentence for the list of commands. */
  readonly says: string;
  /** What `--help` tells besides. */
  readonly details?: string;
  readonly flags?: readonly CommandFlag[];
  readonly operands: { readonly min: number; readonly max: number };
  /** Resolves the exit code; throws a KontorError that says what is wrong and how to mend it. */
  run(call: Call): Promise<number>;
}

/** A flag of one command, beside the options that all of them take. */
export interface CommandFlag {
  /** `--json` */
  readonly name: string;
  /** What to write after it, such as `CODE`; left out for a flag that is on or off. */
  readonly value?: string;
  readonly says: string;
}

export interface Call {
  readonly operands: readonly string[];
  /** The value of a flag of the command's own; the empty string for one that is on; undefined when it was not given. */
  flag(name: string): string | undefined;
  /** Flags of options as they were typed, such as `--port`: for commands that start other processes. */
  readonly optionFlags: ReadonlyMap<string, string>;
  /** The configuration, read and checked. */
  readonly settings: ReadConfig;
  /** A line of the answer, on stdout. */
  print(line: string): void;
  /** A line for the person at the terminal, on stderr. */
  note(line: string): void;
}
