/** Which commands take the options of the house: those that talk to a house over HTTP take none. */
import { clientCommands } from '#house/client-commands.ts';

export function takesOptions({ name }: { readonly name: string }): boolean {
  return !clientCommands.some((command) => command.name === name);
}
