/** argv → a command → an exit code. */

import { optionsHelp } from '#config/documentation.ts';
import { allOptions } from '#config/tables.ts';
import { plain } from '#core/command/colour.ts';
import { flagOf } from '#core/options/option.ts';
import { modules } from '#house/modules.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { parseArguments } from './arguments.ts';
import { commands } from './commands.ts';
import { withFileValues } from './file-values.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { HouseCall } from './house-command.ts';
import { progressLine, waitFor } from './progress-line.ts';
import { takesOptions } from './takes-options.ts';
import { type Environment, fail, processTerminal, type Terminal } from './terminal.ts';

export async function main(argv: readonly string[], environment: Environment, terminal: Terminal = processTerminal): Promise<number> {
  let debug = environment.LOG_LEVEL === 'debug';
  const colour = terminal.colours?.print ?? plain;
  try {
    if (argv[0] === 'help' && argv[1] === 'options') {
      terminal.print(optionsHelp(modules));
      return 0;
    }
    const { command, help, operands, optionFlags, ownFlags } = parseArguments(commands, optionNames(), argv);
    debug = (optionFlags.get('--log-level') ?? environment.LOG_LEVEL) === 'debug';
    if (help || !command) {
      terminal.print(command ? commandHelp(command, takesOptions(command), colour) : generalHelp(commands, colour));
      return 0;
    }
    const settings = readHouseConfig({ environment: withFileValues(environment), flags: optionFlags });
    const { config } = settings;
    const call: HouseCall = {
      operands,
      optionFlags,
      settings,
      flag: (name) => ownFlags.get(name),
      progress: progressLine,
      colour,
      wait: waitFor,
      visit: async (work) => (await import('#house/visit.ts')).visitMigrated(config, work),
      prepare: async (work) => (await import('#house/visit.ts')).visitPrepared(config, work),
      ...terminal,
    };
    return await command.run(call);
  } catch (error) {
    return fail(error, debug, terminal);
  }
}

/** The flags of all options. */
export function optionNames(): ReadonlySet<string> {
  return new Set(allOptions(modules).map(flagOf));
}
