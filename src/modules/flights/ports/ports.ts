/** The ports that flights bring themselves. */
import type { Ports } from '#core/ports/ports.ts';
import type { Warehouse } from './warehouse.ts';

export interface OwnPorts {
  readonly warehouse: Warehouse;
}

export type FlightsPorts = Ports & OwnPorts;
