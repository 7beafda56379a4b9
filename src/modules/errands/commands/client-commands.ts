/** The commands of errands that talk to a house over HTTP. Only what they are called is loaded here, and the rest when one runs. */
import type { ClientCommand } from '#core/command/command.ts';
import { fetchCommand } from './fetch.ts';
import { mineCommand } from './mine.ts';
import { orderCommands } from './orders.ts';

export const errandsClientCommands: readonly ClientCommand[] = [...orderCommands, fetchCommand, mineCommand];
