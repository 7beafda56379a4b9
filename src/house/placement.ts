/** Roles that run in processes of their own in a cluster on one machine. */
import type { Placement } from '#core/module.ts';
import { modules } from './modules.ts';

export const placement: readonly Placement[] = [
  { role: 'relay', name: 'relay', processes: 1, stage: 'carriers' },
  { role: 'auditor', name: 'auditor', processes: 1, stage: 'carriers' },
  ...modules.flatMap((module) => module.placement ?? []),
];
