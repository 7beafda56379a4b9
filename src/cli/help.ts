/** The texts of `--help`. */
import { optionsHelp } from '#config/documentation.ts';
import { alignedColumns } from '#core/command/columns.ts';
import { modules } from '#house/modules.ts';
import type { HouseCommand } from './house-command.ts';

export function generalHelp(commands: readonly HouseCommand[]): string {
  const list = commands.map((command) => [`  ${nameAndUsage(command)}`, command.says]);
  return [
    'kontor: a trading house in one process or many.',
    '',
    'Usage: kontor COMMAND [flags]',
    '',
    alignedColumns([...list, ['  help [COMMAND]', 'This text, or what is to know of a command.']]),
    '',
    'Begin with `kontor up`. Exit codes: 0 done, 1 failed, 2 something is wrong with what was typed or configured.',
  ].join('\n');
}

export function commandHelp(command: HouseCommand): string {
  const flags = [...(command.flags ?? []), { name: '--help', says: 'This text.' }];
  return [
    `Usage: kontor ${nameAndUsage(command)} [flags]`,
    '',
    command.says,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    'Flags:',
    alignedColumns(flags.map((flag) => [`  ${flag.name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.says])),
    '',
    optionsHelp(modules),
  ].join('\n');
}

function nameAndUsage({ name, usage }: HouseCommand): string {
  return `${name} ${usage}`.trimEnd();
}
