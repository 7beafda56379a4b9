/** argv → a command that talks to a house over HTTP. Nothing of the house is loaded, so that it starts at once and anywhere. */
import { plain } from '#core/command/colour.ts';
import type { ClientCommand } from '#core/command/command.ts';
import { clientCommands } from '#house/client-commands.ts';
import { parseArguments } from './arguments.ts';
import { commandHelp } from './help.ts';
import { progressLine } from './progress-line.ts';
import { type Environment, fail, processTerminal, type Terminal } from './terminal.ts';

export function isForClient(argv: readonly string[]): boolean {
  return commandOf(argv) !== undefined;
}

function commandOf(argv: readonly string[]): ClientCommand | undefined {
  return clientCommands.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
}

export async function clientMain(argv: readonly string[], environment: Environment, terminal: Terminal = processTerminal): Promise<number> {
  try {
    const { command, help, operands, ownFlags } = parseArguments(clientCommands, noOptions, argv);
    if (command === undefined) return 2;
    if (help) {
      terminal.print(commandHelp(command, false, terminal.colours?.print ?? plain));
      return 0;
    }
    return await command.run({ operands, flag: (name) => ownFlags.get(name), progress: progressLine, ...terminal });
  } catch (error) {
    return fail(error, environment.LOG_LEVEL === 'debug', terminal);
  }
}

const noOptions: ReadonlySet<string> = new Set();
