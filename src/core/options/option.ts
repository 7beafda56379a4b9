/** What an option is. A module has a table of its own; from all tables come the environment's names, the flags, `--help` and the docs. */
import type { Kind } from './kinds.ts';

export interface Option<Value> {
  /** The name in the environment; the flag follows from it: `DATA_DIR` is `--data-dir`. */
  readonly name: string;
  /** Another name in the environment, which operators of such systems already use; read when `name` is not set. */
  readonly alias?: string;
  /** The section of the help that it stands in, such as `Storage`. */
  readonly group: string;
  /** One or two sentences, the first of which is shown by `--help`. */
  readonly doc: string;
  readonly kind: Kind<Value>;
  /** As one would write it, or undefined where leaving it out means something of its own; `{DATA_DIR}` stands for that option's value. */
  readonly default: string | undefined;
  /** Never shown at all. */
  readonly secret: boolean;
}

/** Options by the name that code uses for their values. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What the options of a table say, read and checked. */
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

/** Every name under which an option stands in the environment. */
export function namesOf({ name, alias }: Pick<Option<unknown>, 'name' | 'alias'>): readonly string[] {
  return alias === undefined ? [name] : [name, alias];
}

/** The variable that names a file in which the value stands. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}
