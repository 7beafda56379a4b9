/** Everything the house must know of the overview. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { pullsCommand } from './commands/pulls.ts';
import { overviewRole } from './roles/overview.ts';
import { overviewMigrations } from './store/tables.ts';

export const overviewModule: Module<Web> = {
  name: 'overview',
  says: 'The whole house at a glance.',
  options: {},
  migrations: overviewMigrations,
  commands: [pullsCommand],
  roles: () => [overviewRole()],
  laws: () => [],
};
