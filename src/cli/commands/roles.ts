/** `kontor roles`: what can run, what each needs, and how many may run side by side. */
import { alignedColumns } from '#core/command/columns.ts';
import type { HouseCommand } from '../house-command.ts';

export const rolesCommand: HouseCommand = {
  name: 'roles',
  usage: '',
  says: 'Lists the roles, what each needs, and whether many may be active side by side.',
  operands: { min: 0, max: 0 },
  async run({ settings, print }) {
    const { listRoles } = await import('#house/visit.ts');
    const roles = listRoles(settings.config);
    const rows = roles.map(({ name, says, needs, instances }) => [
      name,
      name === 'all' ? 'every other' : needs.join(', ') || '-',
      instances === 'many' ? 'many' : 'one active',
      says,
    ]);
    print(alignedColumns([['ROLE', 'NEEDS', 'INSTANCES', 'DOES'], ...rows]));
    const reasons = roles.flatMap(({ name, instances }) => (instances === 'many' ? [] : [[`  ${name}`, instances.oneActive]]));
    if (reasons.length > 0) print(`\nAll may run many times. Of these, one is active at a time:\n${alignedColumns(reasons)}`);
    const named = roles.flatMap(({ name, onlyByName }) => (onlyByName === undefined ? [] : [[`  ${name}`, onlyByName]]));
    if (named.length > 0) print(`\nNo part of \`all\`, and run only where they are named:\n${alignedColumns(named)}`);
    return 0;
  },
};
