/** The graph of roles: checked before anything starts, and sorted into start order. */

import { KontorError } from '#core/errors.ts';
import { didYouMean } from '#core/options/nearest.ts';
import type { Role } from '#core/role.ts';

/** A group is a role that needs its members, and does nothing itself. */
const groupNames = ['front', 'all'];

export function isGroup(name: string): boolean {
  return groupNames.includes(name);
}

/** `placed` are the roles that run in processes of their own in a cluster; what serves users has none. */
export function withGroups<Web>(roles: readonly Role<Web>[], placed: readonly string[]): readonly Role<Web>[] {
  const members = roles.filter(({ onlyByName }) => onlyByName === undefined).map(({ name }) => name);
  const group = (name: string, says: string, needs: readonly string[]): Role<Web> => ({
    name,
    says,
    needs,
    instances: 'many',
    start: async () => ({ status: () => ({ ready: true, says: 'all of its roles are here' }), stop: async () => {} }),
  });
  const front = members.filter((name) => !placed.includes(name));
  return [
    ...roles,
    group('front', 'Every role that serves users, in one process: what each process behind NGINX runs.', front),
    group('all', 'Every role in one process: what `kontor up` runs.', members),
  ];
}

/**
 * The roles to run in this process, each after those it needs. A needed role may run in another process, so it is not added,
 * except for the members of a group such as `all`.
 */
export function rolesToStart<Web>(roles: readonly Role<Web>[], wanted: readonly string[]): readonly Role<Web>[] {
  const ordered = inStartOrder(roles);
  for (const name of wanted) {
    if (!ordered.some((role) => role.name === name)) throw unknownRole(name, ordered);
  }
  if (wanted.length === 0) throw new KontorError('invalid_option', 'name at least one role to run; `kontor roles` lists them');
  const members = ordered.filter(({ name }) => wanted.includes(name) && isGroup(name)).flatMap(({ needs }) => needs);
  return ordered.filter(({ name }) => wanted.includes(name) || members.includes(name));
}

/** Refuses duplicate names, needs that no role meets, and circular needs. */
export function inStartOrder<Web>(roles: readonly Role<Web>[]): readonly Role<Web>[] {
  const byName = new Map<string, Role<Web>>();
  for (const role of roles) {
    if (byName.has(role.name)) throw new KontorError('internal', `two roles are called "${role.name}"`);
    byName.set(role.name, role);
  }
  const ordered: Role<Web>[] = [];
  const path: string[] = [];

  function visit(role: Role<Web>): void {
    if (ordered.includes(role)) return;
    if (path.includes(role.name)) {
      const circle = [...path.slice(path.indexOf(role.name)), role.name];
      throw new KontorError('internal', `roles need each other in a circle: ${circle.join(' → ')}`);
    }
    path.push(role.name);
    for (const need of role.needs) {
      const needed = byName.get(need);
      if (!needed)
        throw new KontorError(
          'internal',
          `the role "${role.name}" needs "${need}", which does not exist${didYouMean(need, byName.keys())}`,
        );
      visit(needed);
    }
    path.pop();
    ordered.push(role);
  }

  for (const role of roles) visit(role);
  return ordered;
}

function unknownRole(name: string, roles: readonly Role[]): KontorError {
  const names = roles.map((role) => role.name);
  const mend = didYouMean(name, names) || `; there are: ${names.join(', ')}`;
  return new KontorError('invalid_option', `there is no role "${name}"${mend}`, {
    details: [{ field: 'role', message: `unknown: ${name}` }],
  });
}
