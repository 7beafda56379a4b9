/** The texts of `--help`. */
import type { Colour } from '#core/command/colour.ts';
import { alignedColumns } from '#core/command/columns.ts';
import type { Command } from '#core/command/command.ts';

/** What help says of a command. */
type Described = Pick<Command, 'name' | 'usage' | 'says' | 'details' | 'flags'>;

export function generalHelp(commands: readonly Described[], colour: Colour): string {
  const rows = commands.map((command) => [`  ${nameAndUsage(command)}`, command.says]);
  const lines = alignedColumns([
    ...rows,
    ['  help [COMMAND]', 'This text, or what is to know of a command.'],
    ['  help options', 'The options of the house, which most commands take.'],
  ]).split('\n');
  // Commands of two words stand together below the first of them.
  const group = (index: number) => groupOf(commands[index]?.name ?? '');
  const groups = [...new Set(commands.map(({ name }) => groupOf(name)))].sort((one, other) => Number(one !== '') - Number(other !== ''));
  const sections = groups.flatMap((name) => [
    '',
    colour('bold', name === '' ? 'Commands' : `Commands of ${name}`),
    ...lines.filter((_line, index) => group(index) === name),
  ]);
  return [
    'kontor: a trading house in one process or many.',
    '',
    `${colour('bold', 'Usage')}: kontor COMMAND [flags]`,
    ...sections,
    '',
    'Begin with `kontor up`. Exit codes: 0 done, 1 failed, 2 something is wrong with what was typed or configured.',
  ].join('\n');
}

/** `takesOptions` are commands that take the options of the house. */
export function commandHelp(command: Described, takesOptions: boolean, colour: Colour): string {
  const flags = [...(command.flags ?? []), { name: '--help', says: 'This text.' }];
  return [
    `${colour('bold', 'Usage')}: kontor ${nameAndUsage(command)} [flags]`,
    '',
    command.says,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    colour('bold', 'Flags'),
    alignedColumns(flags.map((flag) => [`  ${flag.name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.says])),
    ...(takesOptions ? ['', 'The options of the house are flags as well, such as --data-dir: `kontor help options` lists them.'] : []),
  ].join('\n');
}

function nameAndUsage({ name, usage }: Described): string {
  return `${name} ${usage}`.trimEnd();
}

function groupOf(name: string): string {
  const [first = '', second] = name.split(' ');
  return second === undefined ? '' : first;
}
