/** `kontor run ROLE...`: some roles in this process, the others elsewhere. */
import type { HouseCommand } from '../house-command.ts';

export const runCommand: HouseCommand = {
  name: 'run',
  usage: 'ROLE...',
  says: 'Runs the named roles in this process; `kontor roles` lists them.',
  details: [
    'What a role needs is not drawn in: it may run in another process, on the same engines (STATE_URL, STREAM_URL, ...).',
    'Roles may be separated by spaces or commas. `front` is every role that serves users, `all` is every role.',
  ].join('\n'),
  flags: [{ name: '--when-ready', says: 'Takes connections only when every role is ready, or after START_TIMEOUT_MS.' }],
  operands: { min: 1, max: 100 },
  async run({ operands, settings, note, flag }) {
    const { runHouse } = await import('#house/run-house.ts');
    const { openedNote } = await import('../opened-note.ts');
    const roles = operands.flatMap((operand) => operand.split(',')).filter((name) => name !== '');
    await runHouse({
      ...settings,
      roles,
      whenReady: flag('--when-ready') !== undefined,
      onOpen: (house) => note(openedNote(house, settings.config)),
    });
    return 0;
  },
};
