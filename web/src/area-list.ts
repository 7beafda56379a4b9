/** All areas in their order, and the one at the front door. */
import { adminAreaOf } from './admin/area.ts';
import type { Area } from './area.ts';
import * as areasOfModules from './areas.ts';

const brought = Object.values<Area>(areasOfModules).sort((one, other) => one.order - other.order);

export const areas: readonly Area[] = [...brought, adminAreaOf(brought)];

export const frontArea: Area | undefined = areas.find(({ navigation }) => navigation !== undefined);
