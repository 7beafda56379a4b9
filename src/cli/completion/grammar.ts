/** What a shell can complete after `kontor`, from the tables of commands and options. */
import type { CommandFlag } from '#core/command/command.ts';
import { flagOf, type Option } from '#core/options/option.ts';
import type { HouseCommand } from '../house-command.ts';

/** What may be typed at a place: some words, the path of a file, or something that only the user knows. */
export type Value = { readonly words: readonly string[] } | 'path' | 'unknown';

export interface FlagWord {
  readonly name: string;
  readonly says: string;
  /** Undefined for a flag that is on or off. */
  readonly value: Value | undefined;
}

export interface CommandWords {
  /** One or two words. */
  readonly name: string;
  readonly says: string;
  /** Its own; those of the house come beside them where `takesOptions`. */
  readonly flags: readonly FlagWord[];
  readonly takesOptions: boolean;
  readonly operands: Value;
}

export interface Grammar {
  readonly commands: readonly CommandWords[];
  /** The flags of the options of the house. */
  readonly options: readonly FlagWord[];
}

interface Known {
  readonly commands: readonly HouseCommand[];
  readonly options: readonly Option<unknown>[];
  takesOptions(command: HouseCommand): boolean;
  /** Words that a command takes as operands, by its name. */
  readonly operands: Readonly<Record<string, readonly string[]>>;
}

export function grammarOf({ commands, options, takesOptions, operands }: Known): Grammar {
  return {
    commands: [
      ...commands.map((command) => ({
        name: command.name,
        says: command.says,
        flags: [...(command.flags ?? []), helpFlag].map(flagWord),
        takesOptions: takesOptions(command),
        operands: operandsOf(command, operands[command.name]),
      })),
      helpCommand(commands),
    ],
    options: options.map((option) => ({ name: flagOf(option), says: firstSentence(option.doc), value: optionValue(option) })),
  };
}

/** The first words of all commands, and the second words of each first word that has several. */
export function wordsByFirst({ commands }: Grammar): ReadonlyMap<string, readonly { readonly word: string; readonly says: string }[]> {
  const words = new Map<string, { word: string; says: string }[]>([['', []]]);
  for (const { name, says } of commands) {
    const [first = '', second] = name.split(' ');
    if (second === undefined) words.get('')?.push({ word: first, says });
    else if (words.has(first)) words.get(first)?.push({ word: second, says });
    else {
      words.get('')?.push({ word: first, says: `Commands of ${first}.` });
      words.set(first, [{ word: second, says }]);
    }
  }
  return words;
}

const helpFlag: CommandFlag = { name: '--help', says: 'What is to know of the command.' };

function helpCommand(commands: readonly HouseCommand[]): CommandWords {
  const words = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? '')), 'options'];
  return { name: 'help', says: 'What is to know of a command.', flags: [], takesOptions: false, operands: { words } };
}

function flagWord({ name, says, value }: CommandFlag): FlagWord {
  return { name, says, value: value === undefined ? undefined : /^(FILE|DIR)\b/.test(value) ? 'path' : 'unknown' };
}

function operandsOf({ usage }: HouseCommand, words: readonly string[] | undefined): Value {
  if (words !== undefined) return { words };
  return usage.startsWith('FILE') ? 'path' : 'unknown';
}

function optionValue({ name, kind }: Option<unknown>): Value {
  if (kind.choices !== undefined) return { words: kind.choices };
  return /_(DIR|FILE)$/.test(name) ? 'path' : 'unknown';
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}
