/** The status of a role that has several parts. */
import type { RoleStatus } from './role.ts';

/** That of the first part that does not work. Parts that have not started yet do not count. */
export function statusOf(parts: readonly ({ status(): RoleStatus } | undefined)[]): RoleStatus {
  const statuses = parts.flatMap((part) => part?.status() ?? []);
  return statuses.find(({ ready }) => !ready) ?? { ready: true, says: 'active' };
}
