/** All areas in order, and the one that is shown at `/`. */
import { adminAreaOf } from './admin/area.ts';
import type { Area } from './area.ts';
import * as areasOfModules from './areas.ts';

const moduleAreas = Object.values<Area>(areasOfModules).sort((one, other) => one.order - other.order);

export const areas: readonly Area[] = [...moduleAreas, adminAreaOf(moduleAreas)];

export const frontArea: Area | undefined = areas.find(({ front }) => front);
