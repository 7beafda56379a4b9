/** An option. Each module has a table of options; the environment variables, the flags, `--help` and the docs follow from all tables. */
import type { Kind } from './kinds.ts';

export interface Option<Value> {
  /** The environment variable; the flag follows from it: `DATA_DIR` is `--data-dir`. */
  readonly name: string;
  /** Another environment variable that operators already use; read when `name` is not set. */
  readonly alias?: string;
  /** The section of the help, such as `Storage`. */
  readonly group: string;
  /** One or two sentences; `--help` shows the first. */
  readonly doc: string;
  readonly kind: Kind<Value>;
  /** As text; undefined when there is none. `{DATA_DIR}` stands for that option's value. */
  readonly default: string | undefined;
  /** The value is never shown. */
  readonly secret: boolean;
}

/** Options by the name that code uses for their values. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The parsed values of a table's options. */
export type Values<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Option<infer Value> ? Value : never;
};

type Description<Value> = Omit<Option<Value>, 'default' | 'secret'> & { readonly secret?: boolean };

export function option<Value>(description: Description<Value> & { readonly default: string }): Option<Value> {
  return { secret: false, ...description };
}

/** An option without a default. */
export function optional<Value>(description: Description<Value>): Option<Value | undefined> {
  return { secret: false, default: undefined, ...description };
}

/** `DATA_DIR` → `--data-dir`. */
export function flagOf({ name }: Pick<Option<unknown>, 'name'>): string {
  return `--${name.toLowerCase().replaceAll('_', '-')}`;
}

/** All environment variables of an option. */
export function namesOf({ name, alias }: Pick<Option<unknown>, 'name' | 'alias'>): readonly string[] {
  return alias === undefined ? [name] : [name, alias];
}

/** The environment variable that names a file with the value. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}
