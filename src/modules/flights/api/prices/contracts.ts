/** Why a flight costs what it costs, the history of its prices, and the demand on all routes: for everybody. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Airport, AirportCode, at, CabinName, coins, FlightId, FlightNumber, LocalDate, OneFlight } from '../schemas.ts';

const tags = ['flights'];

/** What the model was given for one price, and what it made of it. Shares and factors are in millionths. */
export const PriceInputs = Type.Object(
  {
    model: Type.String({ description: 'The version of the model' }),
    runId: Type.String(),
    asOf: at('What the run looked at ends here'),
    base: coins('Where every price starts'),
    floor: coins('Never lower'),
    ceiling: coins('Never higher'),
    views: Type.Integer({
      description:
        'Distinct visitors of 72 hours, decayed by half every 12, in 1/65,536 of a visitor; an eighth for one who saw it only in a list',
    }),
    usualViews: Type.Integer({ description: 'The median of comparable flights, in the same unit' }),
    demand: Type.Integer({ description: 'D, from −1,000,000 to 1,000,000' }),
    seats: Type.Integer(),
    sold: Type.Integer(),
    expectedSold: Type.Integer({ description: 'By the usual curve at this many days before departure' }),
    daysOut: Type.Integer({ description: 'Whole days before departure' }),
    sales: Type.Integer({ description: 'S, from −1,000,000 to 1,000,000' }),
    target: coins('base · exp(0.18·D + 0.45·S), within floor and ceiling'),
    before: coins('The price before the run'),
    dayLow: coins('The lowest price of the 24 hours before: a day changes it by at most 15 %'),
    dayHigh: coins('The highest price of the 24 hours before'),
    price: coins('The price after the run'),
    limitedBy: Type.Enum(['nothing', 'floor', 'ceiling', 'run', 'day'], { description: 'Why the price is not the target' }),
  },
  { $id: 'PriceInputs' },
);
export type PriceInputs = Static<typeof PriceInputs>;

const PriceHistory = Type.Object(
  {
    cabin: CabinName,
    firstPrice: coins('Before the first of these; the same while nothing changed it'),
    prices: Type.Array(Type.Object({ at: at('From then on'), price: coins('For one passenger') }), { description: 'The oldest first' }),
    why: Type.Union([PriceInputs, Type.Null()], { description: 'What gave the current price; null while no run has changed it' }),
  },
  { $id: 'FlightPrices' },
);
export type PriceHistory = Static<typeof PriceHistory>;

export const readPrices = contract({
  method: 'GET',
  path: '/api/flights/flights/:id/prices',
  tags,
  summary: 'Why this price, and the prices before it',
  description: 'The newest 500 changes.',
  access: 'anyone',
  params: OneFlight,
  query: Type.Object({ cabin: CabinName }, { additionalProperties: false }),
  response: { 200: PriceHistory },
});

const RouteDemand = Type.Object({
  from: AirportCode,
  to: AirportCode,
  share: Type.Integer({ description: 'How much it is watched, in millionths of the most watched route' }),
  flights: Type.Integer({ description: 'Flights in the timetable' }),
  lowestPrice: Type.Union([coins('Of its flights'), Type.Null()]),
});
const PriceMove = Type.Object({
  flightId: FlightId,
  number: FlightNumber,
  from: AirportCode,
  to: AirportCode,
  date: LocalDate,
  cabin: CabinName,
  before: coins('Before the run'),
  price: coins('After it'),
  at: at('When'),
});
const Demand = Type.Object(
  {
    asOf: at('When this was computed'),
    airports: Type.Array(Airport, { description: 'Those of the routes' }),
    routes: Type.Array(RouteDemand, { description: 'The most watched 200, first the most watched' }),
    moves: Type.Array(PriceMove, { description: 'The biggest price changes of the last 24 hours, at most 20' }),
    lastRun: Type.Union([Type.Object({ at: at('When'), changed: Type.Integer({ description: 'Prices that it changed' }) }), Type.Null()]),
    /** Accesses recorded, so that the page can show that something happens. */
    accessesLastHour: Type.Integer({ description: 'Accesses of the last hour that reached the lake' }),
  },
  { $id: 'FlightDemand' },
);
export type Demand = Static<typeof Demand>;

export const readDemand = contract({
  method: 'GET',
  path: '/api/flights/demand',
  tags,
  summary: 'Which routes are watched, and which prices moved',
  access: 'anyone',
  response: { 200: Demand },
  cacheControl: 'public, max-age=2',
});
