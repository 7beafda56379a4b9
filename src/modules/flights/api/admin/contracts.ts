/** For admins: the timetable, fares, runs of the pricer, and the lake. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { Sums } from '#http/sums.ts';
import { AirportCode, at, coins, FlightNumber, LocalDate } from '../schemas.ts';

const tags = ['flights admin'];

const FlightsOverview = Type.Object({ sales: Sums, refunds: Sums }, { $id: 'FlightsOverview' });
export type FlightsOverview = Static<typeof FlightsOverview>;

export const readOverview = contract({
  method: 'GET',
  path: '/api/flights/admin/overview',
  tags,
  summary: 'Bookings of the newest days, and what of them went back',
  access: 'admin',
  response: { 200: FlightsOverview },
});

export const ServiceInput = Type.Object(
  {
    from: AirportCode,
    to: AirportCode,
    departsMinute: Type.Integer({ minimum: 0, maximum: 1_439, description: 'Local minute of the day' }),
    durationMinutes: Type.Integer({ minimum: 20, maximum: 1_320 }),
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, description: '1 for Monday' }),
    aircraft: Type.String({ minLength: 2, maxLength: 40 }),
    economyBase: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Where prices start, in coins' }),
    businessBase: Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()], {
      description: 'Null where the aircraft has no business cabin',
    }),
    firstDay: LocalDate,
    lastDay: Type.Union([LocalDate, Type.Null()], { description: 'Null: until further notice' }),
  },
  { additionalProperties: false },
);
export type ServiceInput = Static<typeof ServiceInput>;

const FlightService = Type.Object(
  { number: FlightNumber, ...ServiceInput.properties, flights: Type.Integer({ description: 'In the timetable from now on' }) },
  { $id: 'FlightService' },
);
export type FlightService = Static<typeof FlightService>;

export const listServices = contract({
  method: 'GET',
  path: '/api/flights/admin/services',
  tags,
  summary: 'Flight numbers with their schedule and fares',
  access: 'admin',
  query: Type.Object(
    { from: Type.Optional(AirportCode), to: Type.Optional(AirportCode), ...pageQuery({ defaultLimit: 50 }) },
    { additionalProperties: false },
  ),
  response: { 200: Type.Object({ services: Type.Array(FlightService), next: Next }) },
});

export const saveService = contract({
  method: 'PUT',
  path: '/api/flights/admin/services/:number',
  tags,
  summary: 'Add a flight number, or change its schedule and fares',
  description:
    'Flights that have bookings keep their times; new base fares are where the next prices start. Flights without bookings that no longer fit the schedule are removed.',
  access: 'admin',
  params: Type.Object({ number: FlightNumber }),
  body: ServiceInput,
  response: { 200: FlightService },
});

const PricerRun = Type.Object(
  {
    id: Type.String(),
    model: Type.String(),
    asOf: at('What it looked at ends here'),
    startedAt: at('When'),
    tookMs: Type.Integer(),
    manifest: Type.String({ description: 'The hash of the files that it read' }),
    events: Type.Integer({ description: 'Accesses that it read' }),
    prices: Type.Integer({ description: 'Prices that it looked at' }),
    changed: Type.Integer(),
  },
  { $id: 'PricerRun' },
);
export type PricerRun = Static<typeof PricerRun>;

export const listRuns = contract({
  method: 'GET',
  path: '/api/flights/admin/runs',
  tags,
  summary: 'Runs of the pricer that changed prices, the newest first',
  access: 'admin',
  query: Type.Object(pageQuery({ defaultLimit: 20 }), { additionalProperties: false }),
  response: { 200: Type.Object({ runs: Type.Array(PricerRun), next: Next }) },
});

const Repriced = Type.Object(
  {
    asOf: at('What it looked at ends here'),
    dryRun: Type.Boolean(),
    prices: Type.Integer({ description: 'Prices that it looked at' }),
    changed: Type.Integer(),
    biggest: Type.Array(Type.Object({ flightId: Type.String(), cabin: Type.String(), before: coins('Before'), price: coins('After') }), {
      description: 'The biggest changes, at most 20',
    }),
  },
  { $id: 'Repriced' },
);

export const reprice = contract({
  method: 'POST',
  path: '/api/flights/admin/runs',
  tags,
  summary: 'Compute prices now',
  access: 'admin',
  body: Type.Object(
    { dryRun: Type.Boolean({ default: false, description: 'Say what would change, and change nothing' }) },
    { additionalProperties: false },
  ),
  response: { 200: Repriced },
  handlerTimeoutMs: 120_000,
});

const LakeState = Type.Object(
  {
    url: Type.String({ description: 'Where it is, without secrets' }),
    answers: Type.Boolean(),
    partitions: Type.Array(
      Type.Object({
        partition: Type.String(),
        landed: Type.Integer({ description: 'The last access in the lake, by its number' }),
        published: Type.Union([Type.Integer(), Type.Null()], { description: 'The last access on the stream; null when it cannot say' }),
      }),
    ),
    hours: Type.Array(
      Type.Object({
        hour: Type.String({ description: 'In UTC, such as `2026-12-01T05`' }),
        files: Type.Integer(),
        rows: Type.Integer(),
        bytes: Type.Integer(),
      }),
      { description: 'The newest 48, the newest first' },
    ),
    dropped: Type.Integer({ description: 'Accesses dropped under overload since this process started' }),
  },
  { $id: 'FlightsLake' },
);
export type LakeState = Static<typeof LakeState>;

export const readLake = contract({
  method: 'GET',
  path: '/api/flights/admin/lake',
  tags,
  summary: 'What is in the lake',
  access: 'admin',
  response: { 200: LakeState },
});
