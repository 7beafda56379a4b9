/** The role that computes prices from demand, and removes what is no longer kept of them. Any number may run; one is active. */
import { startChore } from '#core/chores.ts';
import { keepLease } from '#core/lease.ts';
import { isOn } from '#core/options/in-demo.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { aborted } from '#core/within-time.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { sharedKey } from '../store/access/keys.ts';
import { storeDemand } from '../store/prices/demand.ts';
import { openAccessLog } from './accesses/access-log.ts';
import { prunePrices } from './pricer/prune.ts';
import { reprice } from './pricer/reprice.ts';
import { visit } from './pricer/simulated-visitors.ts';

/** The timetable of a new house is made first, and the first accesses land. */
const firstRunMs = 120_000;
const firstVisitMs = 15_000;
const upkeepMs = 600_000;
const visitMs = 60_000;

export function pricerRole(settings: FlightsSettings): Role<never, OwnPorts> {
  return {
    name: 'flights-pricer',
    says: 'Computes the prices of flights from how often they are looked at and from what is sold.',
    needs: [],
    instances: { oneActive: 'two would read the lake twice for the same prices; others stand by' },
    start: (context) => startPricer(settings, context),
  };
}

async function startPricer(settings: FlightsSettings, { ports, opened }: RoleContext<OwnPorts>): Promise<Service<never>> {
  const { flightsPriceMinutes, flightsPricesKeepDays } = settings;
  let doing = 'waiting for its time';

  async function whileHeld(signal: AbortSignal): Promise<void> {
    await Promise.race([opened, aborted(signal)]);
    if (signal.aborted) return;
    const everyMs = Math.max(1, flightsPriceMinutes) * 60_000;
    const pricing = startChore({
      name: 'flights-pricing',
      ports,
      everyMs,
      firstAfterMs: Math.min(firstRunMs, everyMs),
      failing: 'prices stay as they are',
      signal,
      work: async () => {
        if (flightsPriceMinutes === 0) return;
        const { asOf, prices, changed, routes } = await reprice(ports, { dryRun: false });
        doing = `looked at ${prices} prices and changed ${changed}`;
        await storeDemand(ports.state, asOf, routes);
      },
    });
    const upkeep = startChore({
      name: 'flights-price-upkeep',
      ports,
      everyMs: upkeepMs,
      firstAfterMs: upkeepMs,
      failing: 'old prices stay',
      signal,
      work: () => prunePrices(ports, flightsPricesKeepDays),
    });
    const visiting = isOn(settings.flightsSimulatedVisitors, settings) ? simulate(signal) : undefined;
    await Promise.all([pricing.ended, upkeep.ended, visiting]);
  }

  async function simulate(signal: AbortSignal): Promise<void> {
    const accesses = openAccessLog({ ports, key: await sharedKey(ports, 'access_hash') });
    const visits = startChore({
      name: 'flights-simulated-visitors',
      ports,
      everyMs: visitMs,
      firstAfterMs: firstVisitMs,
      failing: 'simulated visitors stay away',
      signal,
      work: () => visit(ports, accesses),
    });
    await visits.ended;
    await accesses.stop();
  }

  const lease = keepLease({ ports, name: 'flights-pricer', whileHeld });
  return {
    status: () => ({ ready: true, says: lease.active() ? doing : 'standing by' }),
    stop: () => lease.stop(),
  };
}
