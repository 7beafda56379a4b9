/** What a command of `kontor` is. */
import type { Ports } from '../ports/ports.ts';

/** `Own` are the ports of the command's module; `Settings` is what its options say. */
export interface Command<Own extends object = object, Settings = unknown> {
  /** One or two words, as they are typed: `up`, `stocks rate`. */
  readonly name: string;
  /** What may follow, such as `ROLE...`; empty for nothing. */
  readonly usage: string;
  /** One sentence for the list of commands. */
  readonly says: string;
  /** More for `--help`. */
  readonly details?: string;
  readonly flags?: readonly CommandFlag[];
  readonly operands: { readonly min: number; readonly max: number };
  /** Resolves the exit code; throws a KontorError that says what is wrong and how to correct it. */
  run(call: Call<Own, Settings>): Promise<number>;
}

/** A flag of one command, beside the options that all of them take. */
export interface CommandFlag {
  /** `--json` */
  readonly name: string;
  /** What to write after it, such as `CODE`; left out for a flag that is on or off. */
  readonly value?: string;
  readonly says: string;
}

export interface Call<Own extends object = object, Settings = unknown> {
  readonly operands: readonly string[];
  readonly settings: Settings;
  /** The value of a flag of the command's own; the empty string for one that is on; undefined when it was not given. */
  flag(name: string): string | undefined;
  /** A line of the answer, on stdout. */
  print(line: string): void;
  /** A line for the person at the terminal, on stderr. */
  note(line: string): void;
  /** Shows how far a long command is. */
  progress(): ProgressLine;
  /** Opens the books of a house that exists and is on this version. */
  visit<Result>(work: (ports: Ports & Own) => Promise<Result>): Promise<Result>;
  /** The same, after making the data folder and the tables as far as they are missing. */
  prepare<Result>(work: (ports: Ports & Own) => Promise<Result>): Promise<Result>;
}

export interface ProgressLine {
  /** May be called often: `text` is asked for only when it is shown. */
  show(text: () => string): void;
  /** Removes the line before anything else is written. */
  clear(): void;
}
