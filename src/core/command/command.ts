/** A command of `kontor`. */
import type { Ports } from '../ports/ports.ts';

/** `Own` are the ports of the command's module; `Settings` are the values of its options. */
export interface Command<Own extends object = object, Settings = unknown> {
  /** One or two words as typed: `up`, `stocks rate`. */
  readonly name: string;
  /** The operands, such as `ROLE...`; empty for none. */
  readonly usage: string;
  /** One sentence for the list of commands. */
  readonly says: string;
  /** More text for `--help`. */
  readonly details?: string;
  readonly flags?: readonly CommandFlag[];
  readonly operands: { readonly min: number; readonly max: number };
  /** Resolves with the exit code; throws a KontorError that says what is wrong and how to correct it. */
  run(call: Call<Own, Settings>): Promise<number>;
}

/** A flag of one command, beside the options that all commands take. */
export interface CommandFlag {
  /** `--json` */
  readonly name: string;
  /** The placeholder of its value, such as `CODE`, or `FILE` and `DIR` for paths; omitted for a flag that is on or off. */
  readonly value?: string;
  readonly says: string;
}

export interface Call<Own extends object = object, Settings = unknown> {
  readonly operands: readonly string[];
  readonly settings: Settings;
  /** The value of one of the command's flags; the empty string for one without a value; undefined when it was not given. */
  flag(name: string): string | undefined;
  /** Writes a line of the result to stdout. */
  print(line: string): void;
  /** Writes a line for the user to stderr. */
  note(line: string): void;
  /** Shows the progress of a long command. */
  progress(): ProgressLine;
  /** Opens the books of a house that exists and has this version's schema. */
  visit<Result>(work: (ports: Ports & Own) => Promise<Result>): Promise<Result>;
  /** The same, after creating the data folder and the tables that are missing. */
  prepare<Result>(work: (ports: Ports & Own) => Promise<Result>): Promise<Result>;
}

/** What a command gets that talks to a house over HTTP: it starts without the code of the house. */
export type ClientCall = Pick<Call, 'operands' | 'flag' | 'print' | 'note' | 'progress'>;

/** It is named in house/client-commands.ts, and imports what it needs when it runs. */
export interface ClientCommand extends Omit<Command, 'run'> {
  run(call: ClientCall): Promise<number>;
}

export interface ProgressLine {
  /** May be called often: `text` is called only when it is shown. */
  show(text: () => string): void;
  /** Removes the line before anything else is written. */
  clear(): void;
}
