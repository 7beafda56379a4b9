/** argv → the command, its operands and flags. Suggests the nearest known name for an unknown one. */

import type { Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { didYouMean } from '#core/options/nearest.ts';

/** What is to know of a command to read its arguments. */
type Described = Pick<Command, 'name' | 'usage' | 'flags' | 'operands'>;

export interface ParsedArguments<Known extends Described> {
  /** Undefined for `kontor` and `kontor help` alone. */
  readonly command: Known | undefined;
  readonly help: boolean;
  readonly operands: readonly string[];
  /** Flags of options, such as `--port`. */
  readonly optionFlags: ReadonlyMap<string, string>;
  /** The command's own flags; a flag without a value holds the empty string. */
  readonly ownFlags: ReadonlyMap<string, string>;
}

/** `options` are the flags that every command takes. */
export function parseArguments<Known extends Described>(
  commands: readonly Known[],
  options: ReadonlySet<string>,
  argv: readonly string[],
): ParsedArguments<Known> {
  const words = [...argv];
  const first = words[0];
  const nothing = { operands: [], optionFlags: new Map<string, string>(), ownFlags: new Map<string, string>() };
  if (first === undefined || first === '--help' || first === '-h') return { command: undefined, help: true, ...nothing };
  if (first === '--version' || first === '-v') return { command: commandNamed(commands, ['version']), help: false, ...nothing };
  if (first === 'help') {
    const asked = words.slice(1).filter((word) => !word.startsWith('-'));
    return { command: asked.length === 0 ? undefined : commandNamed(commands, asked), help: true, ...nothing };
  }
  if (first.startsWith('-')) throw invalidOption(first, `the command comes first, then its flags: kontor COMMAND ${first}`);
  const command = commandNamed(commands, words);
  return parseRest(command, options, words.slice(command.name.split(' ').length));
}

/** The command that the words begin with. */
function commandNamed<Known extends Described>(commands: readonly Known[], words: readonly string[]): Known {
  const plain = words.filter((word) => !word.startsWith('-'));
  const command = commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));
  if (command) return command;
  const [first = '', second] = plain;
  const siblings = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (siblings.length > 0) {
    const typed = second === undefined ? first : `${first} ${second}`;
    const mend = (second === undefined ? '' : didYouMean(typed, siblings)) || `; there is: ${siblings.join(', ')}`;
    throw invalidOption(typed, `there is no command "${typed}"${mend}`);
  }
  const names = [...commands.map(({ name }) => name), 'help'];
  throw invalidOption(first, `there is no command "${first}"${didYouMean(first, names) || '; `kontor help` lists them'}`);
}

function parseRest<Known extends Described>(command: Known, options: ReadonlySet<string>, words: string[]): ParsedArguments<Known> {
  const own = new Map((command.flags ?? []).map((flag) => [flag.name, flag]));
  const operands: string[] = [];
  const optionFlags = new Map<string, string>();
  const ownFlags = new Map<string, string>();
  let help = false;

  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      operands.push(...words.splice(0));
    } else if (word === '--help' || word === '-h') {
      help = true;
    } else if (word.startsWith('-') && !/^-\d/.test(word)) {
      const equals = word.indexOf('=');
      const name = equals === -1 ? word : word.slice(0, equals);
      const attached = equals === -1 ? undefined : word.slice(equals + 1);
      const ownFlag = own.get(name);
      if (!ownFlag && !options.has(name))
        throw invalidOption(name, `kontor ${command.name} has no flag ${name}${didYouMean(name, [...own.keys(), ...options, '--help'])}`);
      const flags = ownFlag ? ownFlags : optionFlags;
      if (flags.has(name)) throw invalidOption(name, `${name} is given twice`);
      if (ownFlag && ownFlag.value === undefined) {
        if (attached !== undefined) throw invalidOption(name, `${name} takes no value`);
        flags.set(name, '');
      } else {
        flags.set(name, attached ?? valueAfter(name, ownFlag?.value, words));
      }
    } else {
      operands.push(word);
    }
  }
  if (!help) checkOperands(command, operands);
  return { command, help, operands, optionFlags, ownFlags };
}

function valueAfter(name: string, value: string | undefined, words: string[]): string {
  const next = words[0];
  if (next === undefined || next.startsWith('--')) throw invalidOption(name, `${name} needs a value: ${name} ${value ?? 'VALUE'}`);
  words.shift();
  return next;
}

function checkOperands({ name, usage, operands: { min, max } }: Described, operands: readonly string[]): void {
  if (operands.length >= min && operands.length <= max) return;
  const mend = `usage: kontor ${name} ${usage}`.trimEnd();
  const extra = operands[max];
  if (extra !== undefined) throw invalidOption(extra, `kontor ${name} does not take "${extra}"; ${mend}`);
  throw invalidOption(name, `kontor ${name} needs more to go on; ${mend}`);
}
