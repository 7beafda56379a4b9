/** Airports, search, the calendar of prices, and one flight: for everybody. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { cabins } from '../../domain/cabins.ts';
import { Airport, AirportCode, at, CabinName, coins, FlightNumber, Leg, LocalDate, OneFlight } from '../schemas.ts';

const tags = ['flights'];

const AirportList = Type.Object({ airports: Type.Array(Airport, { description: 'The best match first' }) });

export const findAirports = contract({
  method: 'GET',
  path: '/api/flights/airports',
  tags,
  summary: 'Airports by code, city or name',
  description: 'Completes what was typed, and forgives typing errors. Without a text, the airports with the most flights.',
  access: 'anyone',
  query: Type.Object(
    {
      text: Type.Optional(Type.String({ maxLength: 60 })),
      limit: Type.Integer({ minimum: 1, maximum: 50, default: 8 }),
    },
    { additionalProperties: false },
  ),
  response: { 200: AirportList },
  cacheControl: 'public, max-age=3600',
});

/** One direction of travel: one flight, or two with a change. */
const Itinerary = Type.Object(
  {
    id: Type.String({ description: 'The ids of its flights, joined by a plus sign' }),
    legs: Type.Array(Leg, { minItems: 1, maxItems: 2 }),
    stops: Type.Integer(),
    durationMinutes: Type.Integer({ description: 'From the first departure to the last arrival' }),
    daysLater: Type.Integer({
      description: 'The local date of arrival less the local date of departure, in days: −1 across the date line',
    }),
    price: coins('For one passenger, all its flights'),
    totalPrice: coins('For all passengers'),
    seatsLeft: Type.Integer({ description: 'In the fuller of its flights' }),
  },
  { $id: 'Itinerary' },
);
export type Itinerary = Static<typeof Itinerary>;

export const sortOrders = ['price', 'duration', 'departure', 'arrival'] as const;

const passengers = Type.Integer({ minimum: 1, maximum: 9, default: 1 });

const SearchAsked = Type.Object(
  {
    from: AirportCode,
    to: AirportCode,
    date: LocalDate,
    /** Days earlier and later that are searched too. */
    flexDays: Type.Integer({ minimum: 0, maximum: 3, default: 0, description: 'Also search this many days earlier and later' }),
    passengers,
    cabin: Type.Enum([...cabins], { default: 'economy' }),
    maxStops: Type.Integer({ minimum: 0, maximum: 1, default: 1 }),
    maxPrice: Type.Optional(Type.Integer({ minimum: 1, description: 'For one passenger' })),
    departFromMinute: Type.Integer({ minimum: 0, maximum: 1_439, default: 0, description: 'Local minute of the day' }),
    departToMinute: Type.Integer({ minimum: 0, maximum: 1_439, default: 1_439, description: 'Local minute of the day' }),
    sort: Type.Enum([...sortOrders], { default: 'price' }),
    ...pageQuery({ defaultLimit: 20, maxLimit: 50 }),
  },
  { additionalProperties: false },
);
export type SearchAsked = Static<typeof SearchAsked>;

const SearchResult = Type.Object(
  {
    itineraries: Type.Array(Itinerary),
    next: Next,
    total: Type.Integer({ description: 'Itineraries on all pages' }),
    nonstop: Type.Integer({ description: 'Of the total' }),
    lowestPrice: Type.Union([coins('Of the total, for one passenger'), Type.Null()]),
    highestPrice: Type.Union([coins('Of the total, for one passenger'), Type.Null()]),
    pricesAt: at('When these prices were read'),
  },
  { $id: 'FlightSearchResult' },
);
export type SearchResult = Static<typeof SearchResult>;

export const searchFlights = contract({
  method: 'GET',
  path: '/api/flights/search',
  tags,
  summary: 'Flights between two airports on a day',
  description:
    'One way: for a return, search the way back too. Prices may be 30 seconds old; a quote holds the current one. A change takes at least the minimum connection time.',
  access: 'anyone',
  query: SearchAsked,
  response: { 200: SearchResult },
});

const CalendarDay = Type.Object({
  date: LocalDate,
  price: Type.Union([coins('The lowest for one passenger'), Type.Null()], { description: 'Null without a flight that has enough seats' }),
});
const Calendar = Type.Object({ month: Type.String(), days: Type.Array(CalendarDay), pricesAt: at('When these prices were read') });
export type Calendar = Static<typeof Calendar>;

export const readCalendar = contract({
  method: 'GET',
  path: '/api/flights/calendar',
  tags,
  summary: 'The lowest price of each day of a month',
  description: 'Nonstop flights and flights with a change. Days in the past, and beyond the timetable, have no price.',
  access: 'anyone',
  query: Type.Object(
    {
      from: AirportCode,
      to: AirportCode,
      month: Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$', description: 'Such as `2026-12`' }),
      cabin: CabinName,
      passengers,
    },
    { additionalProperties: false },
  ),
  response: { 200: Calendar },
});

const Fare = Type.Object(
  {
    cabin: CabinName,
    price: coins('Now, for one passenger'),
    pricedAt: at('When it last changed'),
    floor: coins('Never lower'),
    ceiling: coins('Never higher'),
    seats: Type.Integer(),
    seatsLeft: Type.Integer(),
  },
  { $id: 'FlightFare' },
);
export type Fare = Static<typeof Fare>;

const Flight = Type.Object(
  {
    leg: Leg,
    from: Airport,
    to: Airport,
    state: Type.Enum(['scheduled', 'departed', 'cancelled']),
    fares: Type.Array(Fare),
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: 'Days on which this number flies, 1 for Monday' }),
    number: FlightNumber,
    distanceKm: Type.Integer(),
  },
  { $id: 'Flight' },
);
export type Flight = Static<typeof Flight>;

export const readFlight = contract({
  method: 'GET',
  path: '/api/flights/flights/:id',
  tags,
  summary: 'One flight with its fares',
  access: 'anyone',
  params: OneFlight,
  response: { 200: Flight },
});
