/** `kontor up`: every role in this process. */
import type { HouseCommand } from '../house-command.ts';

export const upCommand: HouseCommand = {
  name: 'up',
  usage: '',
  says: 'Opens the whole house in this process, on embedded engines unless addresses are given.',
  details: [
    'Makes the data folder and brings the books to this version as far as needed. Ctrl-C lets users go and closes the house;',
    'a second Ctrl-C ends it at once. Either way nothing that was acknowledged is lost.',
    'A second house on the same data folder (and another PORT) stands by and takes over when the first one dies.',
  ].join('\n'),
  operands: { min: 0, max: 0 },
  async run({ settings, note }) {
    const { runHouse } = await import('#house/run-house.ts');
    const { openedNote } = await import('../opened-note.ts');
    await runHouse({ ...settings, roles: ['all'], onOpen: (house) => note(openedNote(house, settings.config)) });
    return 0;
  },
};
