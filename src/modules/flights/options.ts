/** The options of flights. */
import { oneOf, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option } from '#core/options/option.ts';

const bookingOptions = {
  flightsQuoteMinutes: option({
    name: 'FLIGHTS_QUOTE_MINUTES',
    group: 'Flights',
    kind: wholeNumber({ min: 1, max: 120 }),
    default: '10',
    doc: 'How long a quote holds the price of flights, in minutes.',
  }),
} as const satisfies OptionTable;

const timetableOptions = {
  flightsDemoTimetable: option({
    name: 'FLIGHTS_DEMO_TIMETABLE',
    group: 'Flights',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether a house without flights makes a timetable for the next 120 days. `auto` does so in a demonstration (see DEMO).',
  }),
  flightsDemoFlights: option({
    name: 'FLIGHTS_DEMO_FLIGHTS',
    group: 'Flights',
    kind: wholeNumber({ min: 2_000, max: 10_000_000 }),
    default: '20000',
    doc: 'About how many flights a timetable has that the house makes.',
  }),
  flightsKeepDays: option({
    name: 'FLIGHTS_KEEP_DAYS',
    group: 'Flights',
    kind: wholeNumber({ min: 1, max: 3_650 }),
    default: '30',
    doc: 'How long flights that nobody booked are kept after their departure, in days. Booked flights are kept for ever.',
  }),
} as const satisfies OptionTable;

const pricingOptions = {
  flightsLandSeconds: option({
    name: 'FLIGHTS_LAND_SECONDS',
    group: 'Flights',
    kind: wholeNumber({ min: 0, max: 3_600 }),
    default: '15',
    doc: 'How often accesses are landed in the lake while there are few, in seconds. Many are landed at once.',
  }),
  flightsLakeKeepDays: option({
    name: 'FLIGHTS_LAKE_KEEP_DAYS',
    group: 'Flights',
    kind: wholeNumber({ min: 4, max: 3_650 }),
    default: '30',
    doc: 'How long accesses are kept in the lake, in days. Prices that were computed from them can be replayed that long.',
  }),
  flightsLakeCompactHours: option({
    name: 'FLIGHTS_LAKE_COMPACT_HOURS',
    group: 'Flights',
    kind: wholeNumber({ min: 0, max: 720 }),
    default: '1',
    doc: 'How long after its end the small files of an hour are merged in the lake, in hours.',
  }),
  flightsLakeCompactMib: option({
    name: 'FLIGHTS_LAKE_COMPACT_MIB',
    group: 'Flights',
    kind: wholeNumber({ min: 0, max: 128 }),
    default: '32',
    doc: 'Up to which size files are merged in the lake, in MiB; 0 leaves them as they are.',
  }),
  flightsPricesKeepDays: option({
    name: 'FLIGHTS_PRICES_KEEP_DAYS',
    group: 'Flights',
    kind: wholeNumber({ min: 4, max: 3_650 }),
    default: '120',
    doc: 'How long changes of prices are kept with their inputs, in days. Charts of prices, `kontor flights explain` and `replay` reach back that far.',
  }),
  flightsPriceMinutes: option({
    name: 'FLIGHTS_PRICE_MINUTES',
    group: 'Flights',
    kind: wholeNumber({ min: 0, max: 1_440 }),
    default: '10',
    doc: 'How often prices are computed from demand, in minutes; 0 only on command.',
  }),
  flightsWarehouseMiB: option({
    name: 'FLIGHTS_WAREHOUSE_MIB',
    group: 'Flights',
    kind: wholeNumber({ min: 64, max: 65_536 }),
    default: '256',
    doc: 'The memory that computing on the lake may take, in MiB. What does not fit is written to the disk meanwhile.',
  }),
  flightsSimulatedVisitors: option({
    name: 'FLIGHTS_SIMULATED_VISITORS',
    group: 'Flights',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether simulated visitors look at flights, so that prices move. `auto` does so in a demonstration (see DEMO).',
  }),
} as const satisfies OptionTable;

export const flightsOptions = { ...timetableOptions, ...bookingOptions, ...pricingOptions } as const satisfies OptionTable;
