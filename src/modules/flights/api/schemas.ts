/** What the contracts of flights are made of. */
import { type Static, Type } from 'typebox';
import { cabins } from '../domain/cabins.ts';

export const coins = (description: string) => Type.Integer({ minimum: 0, description: `${description}, in coins` });
export const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });

export const AirportCode = Type.String({ pattern: '^[A-Z]{3}$', description: 'Three letters, such as LIS' });
export const FlightNumber = Type.String({ pattern: '^[A-Z][A-Z0-9][1-9][0-9]{0,3}$', description: 'Such as `KO1234`' });
export const FlightId = Type.String({
  pattern: '^[A-Z][A-Z0-9][1-9][0-9]{0,3}-[0-9]{8}$',
  description: 'The flight number and the local date of its departure, such as `KO1234-20261201`',
});
export const LocalDate = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  description: 'A date at the airport, such as `2026-12-01`',
});
const LocalDateTime = Type.String({ description: 'Date and time at the airport, such as `2026-12-01T06:40`' });
export const CabinName = Type.Enum([...cabins]);
export const SeatName = Type.String({ pattern: '^[1-9][0-9]?[A-K]$', description: 'Row and letter, such as `12C`' });
export const QuoteId = Type.String({ pattern: '^[0-9a-f]{32}$' });
export const BookingId = Type.String({ pattern: '^KF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$', description: 'Such as `KF-7G2M-Q0ZD-41XB`' });

export const Airport = Type.Object(
  {
    code: AirportCode,
    name: Type.String(),
    city: Type.String(),
    cityInGerman: Type.String(),
    country: Type.String({ description: 'Two letters, such as PT' }),
    latitude: Type.Number(),
    longitude: Type.Number(),
    timeZone: Type.String({ description: 'Such as `Europe/Lisbon`' }),
  },
  { $id: 'Airport' },
);
export type Airport = Static<typeof Airport>;

/** One flight as it is listed: where and when, in the local times of its airports. */
export const Leg = Type.Object(
  {
    flightId: FlightId,
    number: FlightNumber,
    carrier: Type.String({ description: 'The name of the airline' }),
    aircraft: Type.String(),
    from: AirportCode,
    to: AirportCode,
    departsAt: at('Departure'),
    arrivesAt: at('Arrival'),
    departsLocal: LocalDateTime,
    arrivesLocal: LocalDateTime,
    durationMinutes: Type.Integer(),
  },
  { $id: 'FlightLeg' },
);
export type Leg = Static<typeof Leg>;

export const OneFlight = Type.Object({ id: FlightId });
export const OneBooking = Type.Object({ id: BookingId });
