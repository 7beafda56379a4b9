/** Roles that run in processes of their own in a cluster on one machine. */
import type { Module, Placement } from '#core/module.ts';

export function placementOf(modules: readonly Pick<Module, 'placement'>[]): readonly Placement[] {
  return [
    { role: 'relay', name: 'relay', processes: 1, stage: 'carriers' },
    { role: 'auditor', name: 'auditor', processes: 1, stage: 'carriers' },
    ...modules.flatMap((module) => module.placement ?? []),
  ];
}
