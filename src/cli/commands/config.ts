/** `kontor config`: the options in effect, where each came from, and no secrets. */
import { alignedColumns } from '#core/command/columns.ts';
import type { HouseCommand } from '../house-command.ts';

export const configCommand: HouseCommand = {
  name: 'config',
  usage: '',
  says: 'Shows the options in effect and where each came from, with secrets hidden.',
  operands: { min: 0, max: 0 },
  async run({ settings, print, note }) {
    const rows = settings.settings.map(({ name, shown, from }) => [name, shown ?? '(not set)', from]);
    print(alignedColumns([['OPTION', 'VALUE', 'FROM'], ...rows]));
    for (const warning of settings.warnings) note(`kontor: ${warning}`);
    return 0;
  },
};
