/** Completion for fish: `kontor completion fish | source`. */
import { type FlagWord, type Grammar, type Value, wordsByFirst } from './grammar.ts';

export function fishCompletion(grammar: Grammar): string {
  const first = wordsByFirst(grammar);
  const groups = [...first.keys()].filter((name) => name !== '');
  const withOptions = grammar.commands.filter(({ takesOptions }) => takesOptions).map(({ name }) => quoted(name));
  return [
    '# Completion of kontor for fish. Written by `kontor completion fish`.',
    '# Prints the command that was typed so far.',
    'function __kontor_command',
    '  set -l typed (commandline -opc)',
    '  set -e typed[1]',
    '  if test (count $typed) -gt 1 -a "$typed[1]" = help',
    '    set -e typed[1]',
    '  end',
    '  if test (count $typed) -eq 0',
    '    echo none',
    `  else if contains -- $typed[1] ${groups.join(' ')}; and test (count $typed) -gt 1`,
    '    echo "$typed[1] $typed[2]"',
    '  else',
    '    echo $typed[1]',
    '  end',
    'end',
    'function __kontor_at',
    '  contains -- (__kontor_command) $argv',
    'end',
    'complete -c kontor -e',
    'complete -c kontor -f',
    ...[...first].flatMap(([name, words]) =>
      words.map(({ word, says }) => `complete -c kontor -n ${at(name === '' ? 'none' : name)} -a ${quoted(word)} -d ${quoted(says)}`),
    ),
    ...grammar.commands.flatMap(({ name, flags, operands }) => [
      ...flags.map((flag) => `complete -c kontor -n ${at(name)} ${flagWords(flag)}`),
      ...(operands === 'unknown' ? [] : [`complete -c kontor -n ${at(name)} ${valueWords(operands)}`]),
    ]),
    ...grammar.options.map((flag) => `complete -c kontor -n ${quoted(`__kontor_at ${withOptions.join(' ')}`)} ${flagWords(flag)}`),
  ].join('\n');
}

function at(name: string): string {
  return quoted(`__kontor_at ${quoted(name)}`);
}

function flagWords({ name, says, value }: FlagWord): string {
  const words = `-l ${name.replace(/^--/, '')} -d ${quoted(says)}`;
  if (value === undefined) return words;
  // What takes a value offers files, too, unless it is exclusive.
  return value === 'path' ? `${words} -r -F` : `${words} -x ${valueWords(value)}`.trimEnd();
}

function valueWords(value: Value): string {
  if (value === 'path') return '-F';
  return value === 'unknown' ? '' : `-a ${quoted(value.words.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
