/** argv → a command → an exit code. An error becomes one clear sentence, not a stack trace. */

import { errorCodes, KontorError } from '#core/errors.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { parseArguments } from './arguments.ts';
import { commands } from './commands.ts';
import { withFileValues } from './file-values.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { HouseCall } from './house-command.ts';
import { progressLine } from './progress-line.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  print(line: string): void;
  note(line: string): void;
}

const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
};

export async function main(argv: readonly string[], environment: Environment, terminal: Terminal = processTerminal): Promise<number> {
  let debug = environment.LOG_LEVEL === 'debug';
  try {
    const { command, help, operands, optionFlags, ownFlags } = parseArguments(commands, argv);
    debug = (optionFlags.get('--log-level') ?? environment.LOG_LEVEL) === 'debug';
    if (help || !command) {
      terminal.print(command ? commandHelp(command) : generalHelp(commands));
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
      visit: async (work) => (await import('#house/visit.ts')).visitMigrated(config, work),
      prepare: async (work) => (await import('#house/visit.ts')).visitPrepared(config, work),
      ...terminal,
    };
    return await command.run(call);
  } catch (error) {
    for (const line of explain(error, debug)) terminal.note(line);
    return error instanceof KontorError ? errorCodes[error.code].exit : 1;
  }
}

function explain(error: unknown, debug: boolean): string[] {
  const stack = debug && error instanceof Error ? [error.stack ?? ''] : [];
  if (error instanceof KontorError) return [...error.message.split('\n').map((line) => `kontor: ${line}`), ...stack];
  const message = error instanceof Error ? error.message : String(error);
  return [`kontor: something broke on our side: ${message}${debug ? '' : ' (LOG_LEVEL=debug shows where)'}`, ...stack];
}
