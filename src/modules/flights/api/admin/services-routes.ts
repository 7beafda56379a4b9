/** Sales and services over HTTP, for admins. */
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { worldAirports } from '../../airports/airports.ts';
import { aircraftOf, aircraftTypes, seatCount } from '../../domain/aircraft.ts';
import { dateOf } from '../../domain/time-zones.ts';
import { weekdayBits, weekdaysIn } from '../../domain/timetable.ts';
import { flightsRefusals } from '../../refusals.ts';
import { readOverview } from '../../store/booking/overview.ts';
import { findService, type ListedService, listServices, saveService } from '../../store/timetable/services.ts';
import { dayAsked, wayAsked } from '../search/asked.ts';
import * as contracts from './contracts.ts';

export function serviceRoutes({ ports: { state, clock } }: { readonly ports: Pick<Ports, 'state' | 'clock'> }): readonly Route[] {
  return [
    route(contracts.readOverview, () => state.read((queries) => readOverview(queries, clock.now()))),

    route(contracts.listServices, async ({ query }) => {
      const { items, next } = await state.read((queries) => listServices(queries, query, clock.now()));
      return { services: items.map(viewService), next };
    }),

    route(contracts.saveService, async ({ params: { number }, body }) => {
      const airports = worldAirports();
      const { origin, destination } = wayAsked(airports, body);
      checkAircraft(body);
      const firstDay = dayAsked(body.firstDay, 'firstDay');
      const lastDay = body.lastDay === null ? null : dayAsked(body.lastDay, 'lastDay');
      if (lastDay !== null && lastDay < firstDay) throw refuse(flightsRefusals, 'days-turned', {}, 'lastDay');
      const { departsMinute, durationMinutes, aircraft, economyBase, businessBase } = body;
      const service = {
        number,
        origin: origin.code,
        destination: destination.code,
        departsMinute,
        durationMinutes,
        weekdays: weekdayBits(body.weekdays),
        aircraft,
        economyBase,
        businessBase,
        firstDay,
        lastDay,
      };
      const now = clock.now();
      return state.write(async (queries) => {
        await saveService(queries, service, { airports, now });
        return viewService((await findService(queries, number, now)) ?? { ...service, flights: 0 });
      });
    }),
  ];
}

/** What the schema cannot tell. */
function checkAircraft(service: contracts.ServiceInput): void {
  const aircraft = aircraftOf(service.aircraft);
  if (aircraft === undefined) {
    const known = aircraftTypes.map(({ code }) => code).join(', ');
    throw refuse(flightsRefusals, 'no-aircraft', { aircraft: service.aircraft, known }, 'aircraft');
  }
  if (service.businessBase !== null && seatCount(aircraft, 'business') === 0) {
    throw refuse(flightsRefusals, 'no-business', { aircraft: aircraft.name }, 'businessBase');
  }
}

function viewService({ origin, destination, weekdays, firstDay, lastDay, ...service }: ListedService): contracts.FlightService {
  return {
    ...service,
    from: origin,
    to: destination,
    weekdays: [...weekdaysIn(weekdays)],
    firstDay: dateOf(firstDay),
    lastDay: lastDay === null ? null : dateOf(lastDay),
  };
}
