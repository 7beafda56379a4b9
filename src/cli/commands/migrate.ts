/** `kontor migrate`: migrates the tables to this version. */
import type { HouseCommand } from '../house-command.ts';

export const migrateCommand: HouseCommand = {
  name: 'migrate',
  usage: '',
  says: 'Migrates the books to this version, as `up` and `run` do at their start.',
  details: 'Runs under a lock, so it is safe to run several times at once.',
  operands: { min: 0, max: 0 },
  async run({ settings, print, wait }) {
    const { migrate } = await import('#house/visit.ts');
    const applied = await wait(() => 'Migrating the books', migrate(settings.config));
    for (const id of applied) print(`applied ${id}`);
    print(
      applied.length === 0
        ? 'The books are on this version already.'
        : `The books are on this version now: ${applied.length} migrations applied.`,
    );
    return 0;
  },
};
