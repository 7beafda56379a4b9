/** Opens the engines of the module's own ports. An engine's code is loaded only when it is first used. */
import type { EnginePorts, OwnEngines } from '#core/module.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { openDuckdbWarehouse } from './warehouse/duckdb.ts';

/** More would take the processor from those who search and book. */
const threads = 2;

export async function openFlightsEngines(
  settings: Pick<FlightsSettings, 'flightsWarehouseMiB'>,
  { clock }: EnginePorts,
): Promise<OwnEngines<OwnPorts>> {
  const warehouse = openDuckdbWarehouse({ memoryMiB: settings.flightsWarehouseMiB, threads, clock });
  return { ports: { warehouse }, migrations: [], close: () => warehouse.close() };
}
