/** `kontor completion bash|zsh|fish` */
import { allOptions } from '#config/tables.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { modules } from '#house/modules.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { grammarOf } from '../completion/grammar.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { HouseCommand } from '../house-command.ts';
import { takesOptions } from '../takes-options.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const shellNames = Object.keys(shells);

/** `all` are the commands of `kontor`, this one included. */
export const completionCommand = (all: () => readonly HouseCommand[]): HouseCommand => ({
  name: 'completion',
  usage: shellNames.join('|'),
  says: 'Prints a script that lets a shell complete commands, flags and their values.',
  details: [
    'bash:  source <(kontor completion bash)      in ~/.bashrc',
    'zsh:   source <(kontor completion zsh)       in ~/.zshrc, after compinit',
    'fish:  kontor completion fish | source       in ~/.config/fish/config.fish',
  ].join('\n'),
  operands: { min: 1, max: 1 },
  async run({ operands: [shell = ''], settings, print }) {
    const script = Object.entries(shells).find(([name]) => name === shell)?.[1];
    if (script === undefined) throw invalidOption(shell, `there is no completion for "${shell}"; there is: ${shellNames.join(', ')}`);
    const { listRoles } = await import('#house/visit.ts');
    const operands = { completion: shellNames, run: listRoles(settings.config).map(({ name }) => name) };
    print(script(grammarOf({ commands: all(), options: allOptions(modules), takesOptions, operands })));
    return 0;
  },
});
