/** The commands that talk to a house over HTTP, of all modules. They import what they need when they run. */
import type { ClientCommand } from '#core/command/command.ts';
import { errandsClientCommands } from '#modules/errands/commands/client-commands.ts';

export const clientCommands: readonly ClientCommand[] = errandsClientCommands;
