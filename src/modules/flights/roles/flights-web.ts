/** The role that serves flights: search, booking and the admin's routes, and the timetable from day to day. Any number may run. */
import type { Chore } from '#core/chores.ts';
import { isOn } from '#core/options/in-demo.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { statusOf } from '#core/role-status.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { worldAirports } from '../airports/airports.ts';
import { pricerRoutes } from '../api/admin/pricer-routes.ts';
import { serviceRoutes } from '../api/admin/services-routes.ts';
import { openBooking } from '../api/booking/open-booking.ts';
import type { FlightsApi } from '../api/flights-api.ts';
import { priceRoutes } from '../api/prices/routes.ts';
import { placesIn } from '../api/search/places.ts';
import { searchRoutes } from '../api/search/routes.ts';
import { openVisitors } from '../api/visitors.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { sharedKey } from '../store/access/keys.ts';
import { keepTimetable } from '../store/timetable/keep-timetable.ts';
import { openAccessLog } from './accesses/access-log.ts';

export function flightsWebRole(settings: FlightsSettings): Role<Web, OwnPorts> {
  return {
    name: 'flights-web',
    says: 'Serves flights: search, prices, booking.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startFlights(settings, context),
  };
}

async function startFlights(settings: FlightsSettings, { ports, opened, fail }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const { random } = ports;
  const log = ports.log.child({ role: 'flights-web' });
  const visitors = openVisitors(await sharedKey(ports, 'visitor_cookie'), random);
  const accesses = openAccessLog({ ports, key: await sharedKey(ports, 'access_hash') });
  const api: FlightsApi = { ports: { ...ports, log }, settings, visitors, accesses };
  const places = placesIn(worldAirports);
  const booking = openBooking(api, places, fail);

  let timetable: Chore | undefined;
  let stopped = false;
  // Users come first.
  Promise.resolve(opened).then(() => {
    if (stopped) return;
    const demoFlights = isOn(settings.flightsDemoTimetable, settings) ? settings.flightsDemoFlights : undefined;
    timetable = keepTimetable({ ports: api.ports, demoFlights, keepDays: settings.flightsKeepDays, fail });
  }, fail);

  return {
    web: {
      routes(server) {
        addRoutes(server, [...searchRoutes(api, places), ...booking.routes, ...serviceRoutes(api)]);
        addRoutes(server, [
          ...priceRoutes(api, places),
          ...pricerRoutes({ ports, lakeUrl: settings.lakeUrl, dropped: () => accesses.dropped() }),
        ]);
      },
    },
    status: () => statusOf([booking.upkeep, timetable]),
    async stop() {
      stopped = true;
      await Promise.all([timetable?.stop(), booking.stop()]);
      await accesses.stop();
    },
  };
}
