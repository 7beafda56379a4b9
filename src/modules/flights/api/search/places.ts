/** Flights and airports as the API shows them. */
import { aircraftOf } from '../../domain/aircraft.ts';
import type { Airports, Airport as KnownAirport } from '../../domain/airports.ts';
import { carrierOf } from '../../domain/carriers.ts';
import { germanCity } from '../../domain/german-cities.ts';
import { localText } from '../../domain/time-zones.ts';
import type { Places } from '../booking/views.ts';
import type { Airport } from '../schemas.ts';

export function placesIn(airports: () => Airports): Places {
  const zoneOf = (code: string) => airports().named(code).timeZone;
  return {
    leg: ({ id, number, origin, destination, departsAt, arrivesAt, aircraft }) => ({
      flightId: id,
      number,
      carrier: carrierOf(number),
      aircraft: aircraftOf(aircraft)?.name ?? aircraft,
      from: origin,
      to: destination,
      departsAt,
      arrivesAt,
      departsLocal: localText(zoneOf(origin), departsAt),
      arrivesLocal: localText(zoneOf(destination), arrivesAt),
      durationMinutes: Math.round((arrivesAt - departsAt) / 60_000),
    }),
    airport: (code) => viewAirport(airports().named(code)),
  };
}

export function viewAirport({ code, name, city, country, latitude, longitude, timeZone }: KnownAirport): Airport {
  return { code, name, city, cityInGerman: germanCity(code) ?? city, country, latitude, longitude, timeZone };
}
